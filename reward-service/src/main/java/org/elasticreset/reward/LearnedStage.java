package org.elasticreset.reward;

import io.micrometer.core.instrument.MeterRegistry;
import io.smallrye.common.annotation.Identifier;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import org.elasticreset.model.Engine;
import org.elasticreset.reward.learned.LearnedReward;
import org.elasticreset.reward.learned.LearnedRewards;
import org.elasticreset.reward.raters.QuestionKind;
import org.elasticreset.reward.raters.RatersSettings;

/** Starts the reward model that learns from people, if settings say that there is one. */
@Singleton
class LearnedStage {

  private final Optional<LearnedRewards> learned;

  @Inject
  LearnedStage(
      RewardSettings settings,
      RatersSettings raters,
      @Identifier("default-kafka-broker") Map<String, Object> kafka,
      MeterRegistry registry) {
    if (!raters.learn().enabled()) {
      this.learned = Optional.empty();
      return;
    }
    requireValid(settings, raters);
    Engine.useThreads(settings.threads());
    Engine.useDevice(settings.device());
    this.learned =
        Optional.of(LearnedRewards.start(settings.runId(), raters.learn(), kafka, registry));
  }

  /** Where people are not asked there is nothing to learn from, and no topic. */
  private static void requireValid(RewardSettings settings, RatersSettings raters) {
    if (!raters.enabled()) {
      throw ScorerFactory.wrong(
          "reward.raters.learn.enabled", true, "false, as reward.raters.enabled is");
    }
    if (raters.question() != QuestionKind.ORDER) {
      throw ScorerFactory.wrong(
          "reward.raters.question",
          raters.question(),
          "order, whose answers reward.raters.learn learns from");
    }
    boolean scores =
        settings.scorers().values().stream().anyMatch(s -> s.type() == ScorerType.LEARNED);
    if (!scores) {
      throw ScorerFactory.wrong(
          "reward.raters.learn.enabled", true, "false, or a scorer of type learned");
    }
  }

  Optional<LearnedReward> reward() {
    return learned.map(LearnedRewards::reward);
  }

  @PreDestroy
  void close() {
    learned.ifPresent(LearnedRewards::close);
  }
}
