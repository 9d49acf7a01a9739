package org.elasticreset.learner;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.elasticreset.algorithm.PolicyStamp;
import org.elasticreset.proto.v1.Purpose;
import org.elasticreset.proto.v1.RewardFrom;

/**
 * Where the run is. Written by the loop, read by health and metrics from other threads; nothing of
 * it enters training.
 */
final class TrainingProgress {

  private final Clock clock;
  private final LoopWatch watch;
  private final Map<Phase, Duration> spent = new EnumMap<>(Phase.class);
  private Phase phase = Phase.STARTING;
  private Instant phaseBegan;
  private boolean runOpened;
  private long step;
  private double rewardMean = Double.NaN;
  private double klToInitialNats = Double.NaN;
  private double stalenessMax = Double.NaN;
  private long earlierEpochTrained;
  private final Map<RewardFrom, Long> rewarded = new EnumMap<>(RewardFrom.class);
  private PolicyStamp newest = new PolicyStamp(0, 0);
  private Map<String, Long> dropped = Map.of();

  TrainingProgress(Clock clock) {
    this(clock, LoopWatch.NOBODY);
  }

  TrainingProgress(Clock clock, LoopWatch watch) {
    this.clock = clock;
    this.watch = watch;
    this.phaseBegan = clock.instant();
  }

  /** What the loop spends its time on. */
  enum Phase {
    STARTING,
    /** For rollouts. */
    WAITING,
    /** Log-probabilities, values, figures of an evaluation. */
    EVALUATING,
    OPTIMISING,
    UPLOADING,
    CHECKPOINTING,
    /** By an operator. */
    PAUSED,
    ENDED
  }

  /** Waits for the rollouts of a step, or of the evaluation behind it; what follows is of them. */
  void await(Purpose purpose, long step) {
    watch.awaits(purpose, step);
    enter(Phase.WAITING);
  }

  /** A pass over the rollouts of the step is over. */
  void epochEnded() {
    watch.epochEnded();
  }

  synchronized void enter(Phase next) {
    watch.entered(next);
    Instant now = clock.instant();
    spent.merge(phase, Duration.between(phaseBegan, now), Duration::plus);
    phase = next;
    phaseBegan = now;
  }

  synchronized void published(PolicyStamp policy) {
    newest = policy;
    runOpened = true;
    watch.published(policy);
  }

  synchronized void stepDone(long step, double rewardMean, double klToInitialNats) {
    this.step = step;
    this.rewardMean = rewardMean;
    this.klToInitialNats = klToInitialNats;
  }

  /** Versions by which the oldest rollout of the newest step was behind. */
  synchronized void trainedStale(long versions) {
    stalenessMax = versions;
  }

  /** The run goes on behind this step; it may be held there for as long as a person wants. */
  synchronized void wentOn(long stepDone) {
    step = stepDone;
    runOpened = true;
  }

  synchronized void dropped(Map<String, Long> byReason) {
    dropped = Map.copyOf(byReason);
  }

  synchronized void trainedFromEarlierEpoch(int rollouts) {
    earlierEpochTrained += rollouts;
  }

  synchronized void trainedOn(List<ReceivedRollout> rollouts) {
    rollouts.forEach(rollout -> rewarded.merge(rollout.rewardFrom(), 1L, Long::sum));
  }

  /** Whether the policy is loaded and the ema-service serves its first version. */
  synchronized boolean isRunOpened() {
    return runOpened;
  }

  synchronized Phase phase() {
    return phase;
  }

  synchronized long step() {
    return step;
  }

  synchronized PolicyStamp newest() {
    return newest;
  }

  synchronized double rewardMean() {
    return rewardMean;
  }

  synchronized double klToInitialNats() {
    return klToInitialNats;
  }

  synchronized double stalenessMax() {
    return stalenessMax;
  }

  synchronized long earlierEpochTrained() {
    return earlierEpochTrained;
  }

  /** Rollouts that were trained on with a reward from there. */
  synchronized long rewarded(RewardFrom source) {
    return rewarded.getOrDefault(source, 0L);
  }

  synchronized long dropped(String reason) {
    return dropped.getOrDefault(reason, 0L);
  }

  /** Time spent in a phase, the current one included. */
  synchronized double seconds(Phase of) {
    Duration total = spent.getOrDefault(of, Duration.ZERO);
    if (of == phase && of != Phase.ENDED) {
      total = total.plus(Duration.between(phaseBegan, clock.instant()));
    }
    return total.toNanos() / 1e9;
  }
}
