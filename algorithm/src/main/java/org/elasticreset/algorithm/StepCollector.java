package org.elasticreset.algorithm;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Collects whole training steps in order, whatever order rollouts arrive in, so that short answers
 * are not favoured. Every rollout that is not taken is counted with its reason. Not thread-safe.
 */
public final class StepCollector {
  /** A copy that comes later than this many steps is counted as unknown rather than duplicate. */
  private static final int REMEMBERED_STEPS = 32;

  private final EarlierEpoch earlierEpoch;
  private final NavigableMap<Long, LinkedHashSet<String>> admitted = new TreeMap<>();
  private final Map<String, Long> stepOf = new HashMap<>();
  private final Map<String, Rollout> collected = new HashMap<>();
  private final ArrayDeque<Set<String>> taken = new ArrayDeque<>();
  private final Map<DropReason, Long> dropped = new EnumMap<>(DropReason.class);
  private PolicyStamp current;
  private long earlierEpochTaken;

  /**
   * An empty collector.
   *
   * @param current the policy that is trained now
   */
  public StepCollector(EarlierEpoch earlierEpoch, PolicyStamp current) {
    this.earlierEpoch = earlierEpoch;
    this.current = current;
    for (DropReason reason : DropReason.values()) {
      dropped.put(reason, 0L);
    }
  }

  /**
   * Awaits the rollouts of a step.
   *
   * @param rolloutIds of the step, in the order in which it trains on them
   * @throws IllegalArgumentException if the step or one of the ids is awaited already, or the step
   *     has no rollout
   */
  public void admit(long step, List<String> rolloutIds) {
    LinkedHashSet<String> ids = new LinkedHashSet<>(rolloutIds);
    Require.that(!ids.isEmpty(), "rolloutIds", "empty", "at least one");
    Require.that(ids.size() == rolloutIds.size(), "rolloutIds", rolloutIds, "no id twice");
    Require.that(!admitted.containsKey(step), "step", step, "a step that is not awaited yet");
    for (String id : ids) {
      Require.that(!stepOf.containsKey(id), "rolloutId", id, "an id that is not awaited yet");
    }
    admitted.put(step, ids);
    ids.forEach(id -> stepOf.put(id, step));
  }

  /** Takes a rollout, or says why not. */
  public Offer offer(Rollout rollout) {
    Long step = stepOf.get(rollout.id());
    if (collected.containsKey(rollout.id())
        || taken.stream().anyMatch(ids -> ids.contains(rollout.id()))) {
      return drop(DropReason.DUPLICATE);
    }
    if (step == null) {
      return drop(DropReason.UNKNOWN);
    }
    if (isFenced(rollout)) {
      return drop(DropReason.STALE_EPOCH);
    }
    collected.put(rollout.id(), rollout);
    return new Offer.Accepted(step);
  }

  /**
   * The policy that is trained from now on. After a reset, rollouts of the earlier epoch that wait
   * here are dropped too (where the setting is to drop them) and become missing again.
   *
   * @throws IllegalArgumentException if it is older than the one before
   */
  public void trainingContinuesWith(PolicyStamp policy) {
    Require.that(policy.compareTo(current) >= 0, "policy", policy, "not older than " + current);
    current = policy;
    List<Rollout> fenced = collected.values().stream().filter(this::isFenced).toList();
    for (Rollout rollout : fenced) {
      collected.remove(rollout.id());
      drop(DropReason.STALE_EPOCH);
    }
  }

  /**
   * Takes the oldest admitted step out, if all of its rollouts are here. A later step that is
   * complete waits for it.
   */
  public Optional<CollectedStep> takeNext() {
    if (admitted.isEmpty() || !missing(admitted.firstKey()).isEmpty()) {
      return Optional.empty();
    }
    var next = admitted.pollFirstEntry();
    List<Rollout> rollouts = new ArrayList<>();
    for (String id : next.getValue()) {
      rollouts.add(collected.remove(id));
      stepOf.remove(id);
    }
    remember(next.getValue());
    long stalenessMax =
        rollouts.stream().mapToLong(r -> r.policy().staleness(current)).max().orElseThrow();
    List<String> earlier =
        rollouts.stream()
            .filter(r -> r.policy().isOfEarlierEpochThan(current))
            .map(Rollout::id)
            .toList();
    earlierEpochTaken += earlier.size();
    return Optional.of(new CollectedStep(next.getKey(), rollouts, stalenessMax, earlier));
  }

  /** Ids of an admitted step that have not come back, in admitted order; what to issue again. */
  public List<String> missing(long step) {
    return admitted.getOrDefault(step, new LinkedHashSet<>()).stream()
        .filter(id -> !collected.containsKey(id))
        .toList();
  }

  /** Steps that are admitted and not taken out yet, oldest first. */
  public List<Long> awaitedSteps() {
    return List.copyOf(admitted.keySet());
  }

  /** Rollouts dropped so far, for every reason. */
  public Map<DropReason, Long> dropped() {
    return Map.copyOf(dropped);
  }

  /**
   * Rollouts of an earlier epoch that were handed to training so far, to be importance-weighted.
   */
  public long earlierEpochTaken() {
    return earlierEpochTaken;
  }

  private boolean isFenced(Rollout rollout) {
    return earlierEpoch == EarlierEpoch.DROP && rollout.policy().isOfEarlierEpochThan(current);
  }

  private Offer drop(DropReason reason) {
    dropped.merge(reason, 1L, Long::sum);
    return new Offer.Dropped(reason);
  }

  private void remember(Set<String> ids) {
    taken.addLast(new HashSet<>(ids));
    if (taken.size() > REMEMBERED_STEPS) {
      taken.removeFirst();
    }
  }
}
