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

  private @Nullable RunEnded end;
  private int earlierEvents;
  private long lastStep;

  RunLoop(
      TrainingEventSource events,
      Supervision services,
      RunRecorder recorder,
      RunProgress progress) {
    this.events = events;
    this.services = services;
    this.recorder = recorder;
    this.progress = progress;
  }

  /**
   * Records events until the run has ended, and keeps the services up.
   *
   * @throws ServiceEnded if a service cannot be kept up, or is not ready in time
   * @throws InterruptedException if the launcher is told to stop
   */
  RunEnded run() throws InterruptedException {
    events.replay(this::recordEarlier);
    if (earlierEvents > 0) {
      progress.goingOn(earlierEvents, lastStep);
    }
    while (end == null) {
      // Before the poll: what a service said last is heard before it is started again.
      List<ServiceProcess> dead = services.dead();
      for (TrainingEvent event : events.poll(POLL)) {
        record(event);
        progress.show(event);
      }
      events.deadLetters().forEach(progress::show);
      if (end == null) {
        services.tend(dead);
      }
    }
    return end;
  }

  private void recordEarlier(TrainingEvent event) {
    record(event);
    earlierEvents++;
    lastStep = event.getStep();
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
