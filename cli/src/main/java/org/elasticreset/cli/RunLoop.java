package org.elasticreset.cli;

import java.time.Duration;
import java.util.List;
import org.elasticreset.proto.v1.TrainingEvent;
import org.elasticreset.proto.v1.TrainingEvent.EventCase;

/** Follows a run from the first service that starts to the event that ends it. */
final class RunLoop {
  private static final Duration POLL = Duration.ofMillis(200);

  private final TrainingEventSource events;
  private final ServiceGroup services;
  private final RunRecorder recorder;
  private final RunProgress progress;
  private final Duration startTimeout;

  RunLoop(
      TrainingEventSource events,
      ServiceGroup services,
      RunRecorder recorder,
      RunProgress progress,
      Duration startTimeout) {
    this.events = events;
    this.services = services;
    this.recorder = recorder;
    this.progress = progress;
    this.startTimeout = startTimeout;
  }

  /**
   * Records events until the run has ended.
   *
   * @throws ServiceEnded if a service dies, or is not ready in time
   * @throws InterruptedException if the launcher is told to stop
   */
  void run() throws InterruptedException {
    long start = System.nanoTime();
    boolean ready = false;
    while (true) {
      for (TrainingEvent event : events.poll(POLL)) {
        recorder.record(event);
        progress.show(event);
        if (event.getEventCase() == EventCase.RUN_ENDED) {
          return;
        }
      }
      services.requireAlive();
      if (!ready) {
        ready = awaitReady(Duration.ofNanos(System.nanoTime() - start));
      }
    }
  }

  private boolean awaitReady(Duration waited) {
    List<ServiceProcess> waiting = services.waitingFor();
    if (waiting.isEmpty()) {
      progress.ready(waited);
      return true;
    }
    if (waited.compareTo(startTimeout) > 0) {
      ServiceSpec first = waiting.get(0).spec();
      throw ServiceEnded.notReady(first.name(), startTimeout.toSeconds(), first.log());
    }
    progress.waitingFor(waiting.stream().map(process -> process.spec().name()).toList());
    return false;
  }
}
