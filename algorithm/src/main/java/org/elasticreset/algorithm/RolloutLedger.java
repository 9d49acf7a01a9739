package org.elasticreset.algorithm;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * What became of the rollouts of a run: double-entry book-keeping against loss and double use.
 *
 * <pre>
 *   admitted = trained + evaluated + discarded + in flight
 *   received = trained + evaluated + discarded + dropped + waiting
 * </pre>
 *
 * @param admitted rollouts asked for, each once however often its prompt was issued
 * @param received copies that came back
 * @param trained rollouts of the steps that were learnt
 * @param evaluated rollouts of evaluations
 * @param discarded rollouts of steps whose update was not finite
 * @param dropped copies not taken, for every reason
 */
public record RolloutLedger(
    long admitted,
    long received,
    long trained,
    long evaluated,
    long discarded,
    Map<DropReason, Long> dropped) {
  private static final Set<DropReason> REASONS = EnumSet.allOf(DropReason.class);

  /** Copies, and names every reason. */
  public RolloutLedger {
    // Most ledgers are made of another, once for every rollout that comes: theirs are named.
    if (dropped.size() < REASONS.size()) {
      EnumMap<DropReason, Long> every = new EnumMap<>(DropReason.class);
      REASONS.forEach(reason -> every.put(reason, 0L));
      every.putAll(dropped);
      dropped = every;
    }
    dropped = Map.copyOf(dropped);
  }

  /** Of a run that begins. */
  public static RolloutLedger empty() {
    return new RolloutLedger(0, 0, 0, 0, 0, Map.of());
  }

  /** More were asked for. */
  public RolloutLedger admit(long rollouts) {
    return new RolloutLedger(admitted + rollouts, received, trained, evaluated, discarded, dropped);
  }

  /** A copy came back. */
  public RolloutLedger receive() {
    return new RolloutLedger(admitted, received + 1, trained, evaluated, discarded, dropped);
  }

  /** Rollouts were learnt from. */
  public RolloutLedger train(long rollouts) {
    return new RolloutLedger(admitted, received, trained + rollouts, evaluated, discarded, dropped);
  }

  /** Rollouts were evaluated. */
  public RolloutLedger evaluate(long rollouts) {
    return new RolloutLedger(admitted, received, trained, evaluated + rollouts, discarded, dropped);
  }

  /** The update of a step was discarded. */
  public RolloutLedger discard(long rollouts) {
    return new RolloutLedger(admitted, received, trained, evaluated, discarded + rollouts, dropped);
  }

  /** A copy that came back is not taken. */
  public RolloutLedger drop(DropReason reason) {
    EnumMap<DropReason, Long> more = new EnumMap<>(dropped);
    more.merge(reason, 1L, Long::sum);
    return new RolloutLedger(admitted, received, trained, evaluated, discarded, more);
  }

  /**
   * As the books stand for a run that goes on from here: what was in flight is admitted again, and
   * what waited is received again.
   */
  public RolloutLedger withoutFlight(long inFlight, long waiting) {
    return new RolloutLedger(
        admitted - inFlight, received - waiting, trained, evaluated, discarded, dropped);
  }

  /**
   * Checks both identities.
   *
   * @param inFlight rollouts that steps still wait for, those that are here included
   * @param waiting of these, the ones that are here
   * @throws IllegalStateException with all the figures, if rollouts were lost or used twice
   */
  public void requireBalanced(long inFlight, long waiting) {
    long used = trained + evaluated + discarded;
    long drops = dropped.values().stream().mapToLong(Long::longValue).sum();
    if (admitted != used + inFlight || received != used + drops + waiting) {
      throw new IllegalStateException(
          this
              + ", in flight "
              + inFlight
              + ", waiting "
              + waiting
              + " (expected: admitted = trained + evaluated + discarded + in flight, and received ="
              + " trained + evaluated + discarded + dropped + waiting)");
    }
  }
}
