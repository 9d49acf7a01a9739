package org.elasticreset.cli;

import java.time.Duration;
import java.util.List;
import org.elasticreset.proto.v1.RunEnded;
import org.elasticreset.proto.v1.TrainingEvent;
import org.elasticreset.proto.v1.TrainingEvent.EventCase;
import org.jspecify.annotations.Nullable;

/** Follows a run from the first service that starts to the event that ends it. */
final class RunLoop {
  private static final Duration POLL = Duration.ofMillis(200);

  private final TrainingEventSource events;
  private final Supervision services;
  private final RunRecorder recorder;
  private final RunProgress progress;
  private final SecondPlayer second;

  private @Nullable RunEnded end;
  private int earlierEvents;
  private long lastStep;

  /** Of a run with one player. */
  RunLoop(
      TrainingEventSource events,
      Supervision services,
      RunRecorder recorder,
      RunProgress progress) {
    this(events, services, recorder, progress, SecondPlayer.none());
  }

  /**
   * @param second whose end is waited for as well
   */
  RunLoop(
      TrainingEventSource events,
      Supervision services,
      RunRecorder recorder,
      RunProgress progress,
      SecondPlayer second) {
    this.events = events;
    this.services = services;
    this.recorder = recorder;
    this.progress = progress;
    this.second = second;
  }

  /**
   * Records events until the run has ended, and keeps the services up.
   *
   * @throws ServiceEnded if a service cannot be kept up, or is not ready in time
   * @throws InterruptedException if the launcher is told to stop
   */
  RunEnded run() throws InterruptedException {
    events.replay(this::recordEarlier);
    second.replay();
    recorder.caughtUp();
    if (earlierEvents > 0) {
      progress.goingOn(earlierEvents, lastStep);
    }
    while (end == null || !second.hasEnded()) {
      // Before the poll: what a service said last is heard before it is started again.
      List<ServiceProcess> dead = services.dead();
      for (TrainingEvent event : events.poll(POLL)) {
        record(event);
        progress.show(event);
      }
      events.deadLetters().forEach(progress::show);
      second.poll(end == null ? Duration.ZERO : POLL);
      if (end == null || !second.hasEnded()) {
        services.tend(dead);
      }
    }
    return end;
  }

  private void recordEarlier(TrainingEvent event) {
    record(event);
    if (event.getEventCase() != EventCase.AUDIT) {
      earlierEvents++;
      lastStep = event.getStep();
    }
  }

  private void record(TrainingEvent event) {
    recorder.record(event);
    if (event.getEventCase() == EventCase.TRAINING_STEP) {
      services.stepDone(event.getStep());
    } else if (event.getEventCase() == EventCase.RUN_ENDED) {
      end = event.getRunEnded();
    }
  }
}
