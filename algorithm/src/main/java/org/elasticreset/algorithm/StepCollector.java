package org.elasticreset.algorithm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Collects whole training steps in order, whatever order rollouts arrive in, so that short answers
 * are not favoured. Whoever offers a rollout is told if it is not taken, and why. Not thread-safe.
 */
public final class StepCollector {
  private final EarlierEpoch earlierEpoch;
  private final long maxStaleness;
  private final List<Rollback> rollbacks;
  private final NavigableMap<Long, Awaited> admitted = new TreeMap<>();
  private final Map<String, Awaited> stepOf = new HashMap<>();
  private final Map<String, Rollout> collected = new HashMap<>();
  private long takenStep;
  private PolicyStamp current;
  private long currentStep;

  /**
   * Rollouts of a step, which the policy of {@code behindStep} is trained or measured with.
   *
   * @param missing those that are not collected: whether any is, is asked behind every rollout
   */
  private record Awaited(
      long step, long behindStep, LinkedHashSet<String> ids, Set<String> missing) {}

  /**
   * An empty collector.
   *
   * @param maxStaleness updates by which a rollout's policy may be behind the one that it trains
   * @param current the policy that is trained now
   * @param currentStep the step that it came out of
   * @param takenStep the newest step whose rollouts were taken out; −1 if there is none
   * @param rollbacks of the run so far
   */
  public StepCollector(
      EarlierEpoch earlierEpoch,
      long maxStaleness,
      PolicyStamp current,
      long currentStep,
      long takenStep,
      List<Rollback> rollbacks) {
    this.earlierEpoch = earlierEpoch;
    this.maxStaleness = maxStaleness;
    this.current = current;
    this.currentStep = currentStep;
    this.takenStep = takenStep;
    this.rollbacks = List.copyOf(rollbacks);
  }

  /**
   * Awaits the rollouts of a step.
   *
   * @param behindStep the step whose policy they are going to train, or measure
   * @param rolloutIds of the step, in the order in which it trains on them
   * @throws IllegalArgumentException if the step or one of the ids is awaited already, or the step
   *     has no rollout
   */
  public void admit(long step, long behindStep, List<String> rolloutIds) {
    LinkedHashSet<String> ids = new LinkedHashSet<>(rolloutIds);
    Require.that(!ids.isEmpty(), "rolloutIds", "empty", "at least one");
    Require.that(ids.size() == rolloutIds.size(), "rolloutIds", rolloutIds, "no id twice");
    Require.that(!admitted.containsKey(step), "step", step, "a step that is not awaited yet");
    Require.that(step > takenStep, "step", step, "above " + takenStep + ", which was taken out");
    for (String id : ids) {
      Require.that(!stepOf.containsKey(id), "rolloutId", id, "an id that is not awaited yet");
    }
    Awaited awaited = new Awaited(step, behindStep, ids, new HashSet<>(ids));
    admitted.put(step, awaited);
    ids.forEach(id -> stepOf.put(id, awaited));
  }

  /**
   * Takes a rollout, or says why not. Until its step is taken out, the highest revision of its
   * score counts, in whatever order they come; what is collected of one policy, another's does not
   * replace.
   *
   * @param targetStep the step that it says it was generated for
   */
  public Offer offer(long targetStep, Rollout rollout) {
    Awaited step = stepOf.get(rollout.id());
    if (step == null) {
      return new Offer.Dropped(targetStep <= takenStep ? DropReason.DUPLICATE : DropReason.UNKNOWN);
    }
    Rollout earlier = collected.get(rollout.id());
    if (earlier != null) {
      if (!rollout.rescores(earlier)) {
        return new Offer.Dropped(DropReason.DUPLICATE);
      }
      collected.put(rollout.id(), rollout);
      return new Offer.Replaced(step.step());
    }
    if (Rollback.anyAbandons(rollbacks, rollout.policy().version())) {
      return new Offer.Dropped(DropReason.ABANDONED_VERSION);
    }
    if (isFenced(rollout)) {
      return new Offer.Dropped(DropReason.STALE_EPOCH);
    }
    if (isTooOld(rollout, step)) {
      return new Offer.Dropped(DropReason.STALE_VERSION);
    }
    collected.put(rollout.id(), rollout);
    step.missing().remove(rollout.id());
    return new Offer.Accepted(step.step());
  }

  /**
   * The policy that is trained from now on. After a reset, rollouts of the earlier epoch that wait
   * here are fenced off (where the setting is to drop them) and become missing again.
   *
   * @param step that it came out of
   * @return ids of those that were fenced off
   * @throws IllegalArgumentException if it is older than the one before
   */
  public List<String> trainingContinuesWith(PolicyStamp policy, long step) {
    Require.that(policy.compareTo(current) >= 0, "policy", policy, "not older than " + current);
    current = policy;
    currentStep = step;
    List<String> fenced =
        collected.values().stream().filter(this::isFenced).map(Rollout::id).sorted().toList();
    for (String id : fenced) {
      collected.remove(id);
      Objects.requireNonNull(stepOf.get(id)).missing().add(id);
    }
    return fenced;
  }

  /**
   * Takes the oldest admitted step out, if all of its rollouts are here. A later step that is
   * complete waits for it.
   */
  public Optional<CollectedStep> takeNext() {
    if (admitted.isEmpty() || !admitted.firstEntry().getValue().missing().isEmpty()) {
      return Optional.empty();
    }
    var next = admitted.pollFirstEntry();
    takenStep = next.getKey();
    List<Rollout> rollouts = new ArrayList<>();
    for (String id : next.getValue().ids()) {
      rollouts.add(collected.remove(id));
      stepOf.remove(id);
    }
    long stalenessMax = rollouts.stream().mapToLong(this::updatesBehind).max().orElseThrow();
    return Optional.of(
        new CollectedStep(
            next.getKey(),
            rollouts,
            stalenessMax,
            ids(rollouts, r -> r.policy().isOfEarlierEpochThan(current)),
            ids(rollouts, r -> updatesBehind(r) > 0)));
  }

  private static List<String> ids(List<Rollout> rollouts, Predicate<Rollout> which) {
    return rollouts.stream().filter(which).map(Rollout::id).toList();
  }

  /** Ids of an admitted step that have not come back, in admitted order; what to issue again. */
  public List<String> missing(long step) {
    Awaited awaited = admitted.get(step);
    return awaited == null
        ? List.of()
        : awaited.ids().stream().filter(awaited.missing()::contains).toList();
  }

  /** Steps that are admitted and not taken out yet, oldest first. */
  public List<Long> awaitedSteps() {
    return List.copyOf(admitted.keySet());
  }

  /** Rollouts that the admitted steps consist of, here or not. */
  public int awaited() {
    return stepOf.size();
  }

  /**
   * A prompt that was issued before a rollback may be generated behind it by a policy that is newer
   * by its number, and older by what it learnt.
   */
  private boolean isTooOld(Rollout rollout, Awaited awaited) {
    return updatesBehind(rollout) + awaited.behindStep() - currentStep > maxStaleness;
  }

  private long updatesBehind(Rollout rollout) {
    return Rollback.updatesBetween(rollbacks, rollout.policy().version(), current.version());
  }

  private boolean isFenced(Rollout rollout) {
    return earlierEpoch == EarlierEpoch.DROP && rollout.policy().isOfEarlierEpochThan(current);
  }
}
