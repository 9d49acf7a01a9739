package org.elasticreset.learner;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.Map;
import org.elasticreset.algorithm.DropReason;
import org.elasticreset.learner.TrainingProgress.Phase;
import org.elasticreset.proto.v1.RewardFrom;

/** Shows {@link TrainingProgress} to Prometheus. */
@Singleton
class LearnerMetrics implements MeterBinder {

  private static final Map<RewardFrom, String> REWARD_SOURCES =
      Map.of(
          RewardFrom.REWARD_FROM_MODEL, "model",
          RewardFrom.REWARD_FROM_PEOPLE, "people",
          RewardFrom.REWARD_FROM_FALLBACK, "fallback");

  private final TrainingProgress progress;
  private final LearnerConfig config;

  LearnerMetrics(TrainingRun run, LearnerConfig config) {
    this.progress = run.progress();
    this.config = config;
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("learner.step", progress, TrainingProgress::step)
        .description("The newest training step that is done")
        .register(registry);
    Gauge.builder("learner.steps", config, LearnerConfig::steps)
        .description("Training steps of the run")
        .register(registry);
    Gauge.builder("learner.staleness.max", progress, TrainingProgress::stalenessMax)
        .description("Versions by which the oldest rollout of the newest step was behind")
        .register(registry);
    Gauge.builder("learner.staleness.bound", config, LearnerConfig::maxStaleness)
        .description("Most that it may be")
        .register(registry);
    Gauge.builder("learner.policy.version", progress, p -> p.newest().version())
        .description("The newest published policy version")
        .register(registry);
    Gauge.builder("learner.reset.epoch", progress, p -> p.newest().resetEpoch())
        .description("Resets so far")
        .register(registry);
    Gauge.builder("learner.reward.mean", progress, TrainingProgress::rewardMean)
        .description("Mean reward of the newest step")
        .register(registry);
    Gauge.builder("learner.kl.to.initial.nats", progress, TrainingProgress::klToInitialNats)
        .description("Drift from the initial policy, nats per sequence, of the newest step")
        .register(registry);
    FunctionCounter.builder(
            "learner.rollouts.earlier.epoch.trained",
            progress,
            TrainingProgress::earlierEpochTrained)
        .description("Rollouts from before a reset that were trained on, importance-weighted")
        .register(registry);
    for (DropReason reason : DropReason.values()) {
      String name = WorkInFlight.name(reason);
      FunctionCounter.builder("learner.rollouts.dropped", progress, p -> p.dropped(name))
          .tag("reason", name)
          .description("Rollouts that were not used")
          .register(registry);
    }
    REWARD_SOURCES.forEach(
        (source, name) ->
            FunctionCounter.builder("learner.rollouts.rewarded", progress, p -> p.rewarded(source))
                .tag("source", name)
                .description("Rollouts that were trained on, by who their reward is from")
                .register(registry));
    for (Phase phase : Phase.values()) {
      FunctionCounter.builder("learner.phase.seconds", progress, p -> p.seconds(phase))
          .tag("phase", phase.name().toLowerCase(Locale.ROOT))
          .description("What the loop spent its time on")
          .register(registry);
    }
  }
}
