package org.elasticreset.cli;

import java.time.Duration;
import java.util.function.Consumer;
import org.elasticreset.model.TrainingStoppedException;

/**
 * A training that Ctrl-C and SIGTERM stop behind the step under way: an engine that is at work when
 * the JVM ends brings the process down instead.
 */
final class StoppableTraining {
  /** For the step under way, or a vocabulary that is being learned. */
  private static final Duration LAST_STEP = Duration.ofMinutes(5);

  private StoppableTraining() {}

  /**
   * Trains, or says what was kept.
   *
   * @param training with all that is said of its result
   * @param stop asks it to stop, from another thread
   * @return exit code; that of a process which was told to end is 130 or 143 in any case
   */
  static int run(Runnable training, Runnable stop, Consumer<String> say) {
    // Open until all is said: the JVM ends behind it.
    try (EarlyEnd early = new EarlyEnd(stop, LAST_STEP)) {
      return run(training, say);
    }
  }

  private static int run(Runnable training, Consumer<String> say) {
    try {
      training.run();
      return 0;
    } catch (TrainingStoppedException e) {
      say.accept(String.valueOf(e.getMessage()));
      return 130;
    }
  }
}
