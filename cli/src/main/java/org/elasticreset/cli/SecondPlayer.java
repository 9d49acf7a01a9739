package org.elasticreset.cli;

import java.time.Duration;
import org.elasticreset.proto.v1.TrainingEvent;
import org.elasticreset.proto.v1.TrainingEvent.EventCase;
import org.jspecify.annotations.Nullable;

/** What the second player's learner tells, beside what the first one's does. */
final class SecondPlayer implements AutoCloseable {
  private final @Nullable TrainingEventSource events;
  private final @Nullable RunRecorder recorder;
  private boolean ended;

  private SecondPlayer(@Nullable TrainingEventSource events, @Nullable RunRecorder recorder) {
    this.events = events;
    this.recorder = recorder;
    this.ended = events == null;
  }

  /** Of a run with one player: nothing is told, and nothing waited for. */
  static SecondPlayer none() {
    return new SecondPlayer(null, null);
  }

  /** Records what arrives there. */
  static SecondPlayer of(TrainingEventSource events, RunRecorder recorder) {
    return new SecondPlayer(events, recorder);
  }

  /** Whether there is nothing more to wait for. */
  boolean hasEnded() {
    return ended;
  }

  /** Records what earlier lives of the run have told. */
  void replay() throws InterruptedException {
    if (events != null) {
      events.replay(this::record);
    }
  }

  /** Records what has come since. */
  void poll(Duration timeout) throws InterruptedException {
    if (events != null) {
      events.poll(timeout).forEach(this::record);
    }
  }

  private void record(TrainingEvent event) {
    if (recorder != null) {
      recorder.record(event);
    }
    ended |= event.getEventCase() == EventCase.RUN_ENDED;
  }

  @Override
  public void close() {
    if (events != null) {
      events.close();
    }
    if (recorder != null) {
      recorder.close();
    }
  }
}
