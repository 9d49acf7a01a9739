package org.elasticreset.cli;

import java.time.Duration;

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
  }

  /** Silence behind which prompts are issued again: what waits for people is not lost. */
  static Duration reissueAfter(RunConfig config) {
    return config.raters().enabled()
        ? config.reissueAfter().plus(config.raters().deadline())
        : config.reissueAfter();
  }
}
