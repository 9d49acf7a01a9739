package org.elasticreset.cli;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What becomes of a service that died. Starting again mends nearly everything, since every service
 * goes on from what is durable; it does not mend settings that cannot work, a training that
 * diverged, or a death that comes again and again.
 */
final class RestartPolicy {
  /** Exit code of a service whose settings cannot work. */
  private static final int BAD_SETTINGS = 2;

  /** Exit code of a learner whose update was not finite, and that was told to stop then. */
  private static final int DIVERGED = 3;

  /** Before each new start; the death behind the last of them ends the run. */
  private static final List<Duration> DELAYS =
      List.of(Duration.ZERO, Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(2));

  /** What to do about a death. */
  sealed interface Decision {
    /** Start the service again after a while. */
    record StartAgain(Duration delay) implements Decision {}

    /** End the run, for a reason in words. */
    record GiveUp(String reason) implements Decision {}
  }

  private final Map<String, Integer> deaths = new HashMap<>();
  private long furthestStep;

  /** A training step is done: if no step was before, what died until now has been mended. */
  void stepDone(long step) {
    if (step > furthestStep) {
      furthestStep = step;
      deaths.clear();
    }
  }

  /** Decides on the death of a service. */
  Decision died(String service, int exitCode) {
    if (exitCode == BAD_SETTINGS) {
      return new Decision.GiveUp("its settings cannot work");
    } else if (exitCode == DIVERGED) {
      return new Decision.GiveUp("training diverged");
    }
    int count = deaths.merge(service, 1, Integer::sum);
    if (count > DELAYS.size()) {
      return new Decision.GiveUp("it died " + count + " times without a training step in between");
    }
    return new Decision.StartAgain(DELAYS.get(count - 1));
  }
}
