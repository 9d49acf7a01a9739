package org.elasticreset.cli;

import java.time.Duration;
import org.elasticreset.cli.RatersConfig.LearnConfig;

/** What the services read of people who rate. */
final class RaterServices {

  private RaterServices() {}

  /** Has the reward-service ask people. */
  static void addTo(ServiceSettings rewardService, RatersConfig raters, RunDirectory run) {
    if (!raters.enabled()) {
      return;
    }
    rewardService.put("reward.raters.enabled", true);
    rewardService.put("reward.raters.keys", run.raterKeys());
    rewardService.put("reward.raters.question", raters.question());
    rewardService.put("reward.raters.scale.worst", raters.scaleWorst());
    rewardService.put("reward.raters.scale.best", raters.scaleBest());
    rewardService.put("reward.raters.routing.share", raters.share());
    rewardService.put("reward.raters.routing.uncertainty", raters.uncertainty());
    rewardService.put("reward.raters.routing.disagreement", raters.disagreement());
    rewardService.put("reward.raters.routing.judge-gap", raters.judgeGap());
    rewardService.put("reward.raters.overlap", raters.overlap());
    rewardService.put("reward.raters.deadline", raters.deadline());
    rewardService.put("reward.raters.absent-deadline", raters.absentDeadline());
    rewardService.put("reward.raters.absent-after", raters.absentAfter());
    rewardService.put("reward.raters.fallback", raters.fallback());
    rewardService.put("reward.raters.aggregation", raters.aggregation());
    rewardService.put("reward.raters.weight-beside-models", raters.weightBesideModels());
    rewardService.put("reward.raters.most-open", raters.mostOpen());
    rewardService.put("reward.raters.guideline", raters.guideline());
    rewardService.put("reward.raters.gold", raters.gold());
    rewardService.put("reward.raters.gold-share", raters.goldShare());
    rewardService.put("reward.raters.ratings-per-minute", raters.ratingsPerMinute());
    rewardService.put("reward.raters.grpc.port", raters.grpcPort());
    rewardService.put("reward.raters.muting.accuracy", raters.mutingAccuracy());
    rewardService.put("reward.raters.muting.confidence", raters.mutingConfidence());
    if (raters.learn() != null) {
      addLearning(rewardService, raters.learn(), run);
    }
  }

  private static void addLearning(
      ServiceSettings rewardService, LearnConfig learn, RunDirectory run) {
    rewardService.put("reward.raters.learn.enabled", true);
    rewardService.put("reward.raters.learn.base", learn.model());
    rewardService.put("reward.raters.learn.directory", run.rewardModels());
    rewardService.put("reward.raters.learn.every-pairs", learn.everyPairs());
    rewardService.put("reward.raters.learn.least-pairs", learn.leastPairs());
    rewardService.put("reward.raters.learn.at-most-every", learn.atMostEvery());
    rewardService.put("reward.raters.learn.held-out", learn.heldOut());
    rewardService.put("reward.raters.learn.epochs", learn.epochs());
    rewardService.put("reward.raters.learn.learning-rate", learn.learningRate());
  }

  /** Silence behind which prompts are issued again: what waits for people is not lost. */
  static Duration reissueAfter(RunConfig config) {
    return config.raters().enabled()
        ? config.reissueAfter().plus(config.raters().deadline())
        : config.reissueAfter();
  }
}
