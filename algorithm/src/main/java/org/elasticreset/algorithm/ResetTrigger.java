package org.elasticreset.algorithm;

import java.util.Locale;
import java.util.Optional;
import org.elasticreset.algorithm.TriggerMemory.Disarmed;
import org.elasticreset.algorithm.TriggerMemory.Nothing;

/**
 * When the policy is reset. An operator's request works beside any trigger. What a trigger has to
 * remember is handed to it and taken from it, so that a rollback is the memory of that moment.
 */
public sealed interface ResetTrigger
    permits ResetTrigger.EveryNUpdates,
        ResetTrigger.DriftBudget,
        ResetTrigger.OnRequest,
        RewardPlateau,
        MarginalValue {
  /**
   * Whether a reset is due after a published update, and why.
   *
   * @param memory what it remembers from the updates before
   * @param since updates that entered the average, this one included
   */
  Finding find(TriggerMemory memory, UpdatesSince since, UpdateObserved update);

  /** What it remembers behind a reset, whoever caused it. */
  default TriggerMemory afterReset(TriggerMemory memory) {
    return memory;
  }

  /** What it remembers behind a refusal. */
  default TriggerMemory afterRefusal(TriggerMemory memory) {
    return memory;
  }

  /** The trigger in words, for a status or a report. */
  String description();

  /**
   * Updates of the average since ...
   *
   * @param reset the last reset
   * @param decision the last reset or refusal of one
   */
  record UpdatesSince(long reset, long decision) {}

  /**
   * What a trigger found.
   *
   * @param due why a reset is due, in words, or empty
   * @param memory for the next update
   */
  record Finding(Optional<String> due, TriggerMemory memory) {
    static Finding nothing(TriggerMemory memory) {
      return new Finding(Optional.empty(), memory);
    }
  }

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
    public Finding find(TriggerMemory memory, UpdatesSince since, UpdateObserved update) {
      return new Finding(
          since.decision() >= n
              ? Optional.of(since.decision() + " updates since the last reset")
              : Optional.empty(),
          memory);
    }

    @Override
    public String description() {
      return "every " + n + " updates";
    }
  }

  /**
   * Ours: the policy has drifted further from the initial policy than it may. Once it has fired it
   * waits until the drift was below a second level, so that a reset whose average is itself above
   * the budget does not follow every step. An update that does not report its drift changes
   * nothing.
   *
   * @param nats greatest KL to the initial policy, in nats per sequence
   * @param rearmBelowNats the drift below which it may fire again, at most {@code nats}
   */
  record DriftBudget(double nats, double rearmBelowNats) implements ResetTrigger {
    /**
     * Validates.
     *
     * @throws IllegalArgumentException if the budget is not above 0 or not finite
     */
    public DriftBudget {
      Require.that(0 < nats && nats < Double.POSITIVE_INFINITY, "nats", nats, "nats > 0");
      Require.that(
          0 < rearmBelowNats && rearmBelowNats <= nats,
          "rearmBelowNats",
          rearmBelowNats,
          "0 < rearmBelowNats <= " + nats);
    }

    /** Which may fire again as soon as the drift is within the budget. */
    public DriftBudget(double nats) {
      this(nats, nats);
    }

    @Override
    public Finding find(TriggerMemory memory, UpdatesSince since, UpdateObserved update) {
      if (update.klToInitialNats().isEmpty()) {
        return Finding.nothing(memory);
      }
      double kl = update.klToInitialNats().getAsDouble();
      if (memory instanceof Disarmed) {
        return Finding.nothing(kl < rearmBelowNats ? new Nothing() : memory);
      }
      if (kl <= nats) {
        return Finding.nothing(memory);
      }
      return new Finding(
          Optional.of(
              String.format(Locale.ROOT, "drift of %.4g nats (budget: %.4g nats)", kl, nats)),
          new Disarmed());
    }

    @Override
    public String description() {
      return "drift above "
          + nats
          + " nats"
          + (rearmBelowNats < nats ? ", again once it was below " + rearmBelowNats : "");
    }
  }

  /** Never by itself: resets are off until somebody asks for one. */
  record OnRequest() implements ResetTrigger {
    @Override
    public Finding find(TriggerMemory memory, UpdatesSince since, UpdateObserved update) {
      return Finding.nothing(memory);
    }

    @Override
    public String description() {
      return "on request";
    }
  }
}
