package org.elasticreset.algorithm;

import java.util.Locale;
import java.util.Optional;

/** When the policy is reset to the average. An operator's request works beside any trigger. */
public sealed interface ResetTrigger {
  /**
   * Whether a reset is due after a published update, and why.
   *
   * @param updatesSinceReset updates that entered the average since the last reset, or since an
   *     operator refused one, this one included
   * @return the reason in words, or empty
   */
  Optional<String> due(long updatesSinceReset, UpdateObserved update);

  /** The trigger in words, for a status or a report. */
  String description();

  /**
   * The paper's trigger: a fixed number of updates of the average since the last reset. If an
   * update that is not published reaches it, the reset follows the next one that is.
   */
  record EveryNUpdates(int n) implements ResetTrigger {
    /**
     * Validates.
     *
     * @throws IllegalArgumentException if n is below 1
     */
    public EveryNUpdates {
      Require.that(n >= 1, "n", n, "n >= 1");
    }

    @Override
    public Optional<String> due(long updatesSinceReset, UpdateObserved update) {
      return updatesSinceReset >= n
          ? Optional.of(updatesSinceReset + " updates since the last reset")
          : Optional.empty();
    }

    @Override
    public String description() {
      return "every " + n + " updates";
    }
  }

  /**
   * Ours: the policy has drifted further from the initial policy than it may. An update that does
   * not report its drift never fires it.
   *
   * @param nats greatest KL to the initial policy, in nats per sequence
   */
  record DriftBudget(double nats) implements ResetTrigger {
    /**
     * Validates.
     *
     * @throws IllegalArgumentException if the budget is not above 0 or not finite
     */
    public DriftBudget {
      Require.that(0 < nats && nats < Double.POSITIVE_INFINITY, "nats", nats, "nats > 0");
    }

    @Override
    public Optional<String> due(long updatesSinceReset, UpdateObserved update) {
      double kl = update.klToInitialNats().orElse(0);
      return kl > nats
          ? Optional.of(
              String.format(Locale.ROOT, "drift of %.4g nats (budget: %.4g nats)", kl, nats))
          : Optional.empty();
    }

    @Override
    public String description() {
      return "drift above " + nats + " nats";
    }
  }

  /** Never by itself: resets are off until somebody asks for one. */
  record OnRequest() implements ResetTrigger {
    @Override
    public Optional<String> due(long updatesSinceReset, UpdateObserved update) {
      return Optional.empty();
    }

    @Override
    public String description() {
      return "on request";
    }
  }
}
