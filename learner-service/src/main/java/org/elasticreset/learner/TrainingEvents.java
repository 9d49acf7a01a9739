package org.elasticreset.learner;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.elasticreset.algorithm.DistinctNgrams;
import org.elasticreset.algorithm.PolicyStamp;
import org.elasticreset.algorithm.SequenceKl;
import org.elasticreset.model.LanguageModelStatistics;
import org.elasticreset.model.PpoStatistics;
import org.elasticreset.proto.v1.Accounting;
import org.elasticreset.proto.v1.EvaluationMetrics;
import org.elasticreset.proto.v1.ResetEvent;
import org.elasticreset.proto.v1.RewardFrom;
import org.elasticreset.proto.v1.RunEnded;
import org.elasticreset.proto.v1.Sample;
import org.elasticreset.proto.v1.StepMetrics;
import org.elasticreset.proto.v1.TrainingEvent;
import org.elasticreset.proto.v1.UpdateDiscarded;

/** Writes the events of a run; docs/metrics.md defines each figure. */
final class TrainingEvents {

  private final String runId;
  private final Clock clock;
  private final TranslationScores translations;
  private long sequence;

  TrainingEvents(String runId, Clock clock, TranslationScores translations) {
    this.runId = runId;
    this.clock = clock;
    this.translations = translations;
  }

  /** Number of the newest event. */
  long sequence() {
    return sequence;
  }

  /** Numbers the next event behind that one; what was told behind it is told again. */
  void goOnAfter(long newestSequence) {
    sequence = newestSequence;
  }

  /** What the rollouts of a step and its optimizer steps say. */
  static StepMetrics.Builder metrics(MeasuredRollouts measured, PpoStatistics ppo) {
    return StepMetrics.newBuilder()
        .setRewardMean(measured.rewardMean())
        .setRewardStd(measured.rewardStd())
        .setKlToInitialNats(measured.klToInitial().nats())
        .setLengthMeanTokens(measured.lengthMean())
        .setPolicyLoss(ppo.policyLoss())
        .setValueLoss(ppo.valueLoss())
        .setEntropyNats(measured.entropyMean())
        .setClipFraction(ppo.clipFraction())
        .setApproximateKlNats(ppo.approximateKl())
        .setGradientNorm(ppo.gradientNorm())
        .setRewardedByPeople(measured.rewardedBy(RewardFrom.REWARD_FROM_PEOPLE))
        .setRewardedByFallback(measured.rewardedBy(RewardFrom.REWARD_FROM_FALLBACK));
  }

  /** What the rollouts of a step say that imitated them: it had no objective to tell of. */
  static StepMetrics.Builder metrics(MeasuredRollouts measured, LanguageModelStatistics imitation) {
    double none = Double.NaN;
    return metrics(
            measured, new PpoStatistics(none, none, none, none, none, imitation.gradientNorm()))
        .setImitationLoss(imitation.loss());
  }

  TrainingEvent step(long step, PolicyStamp policy, StepMetrics metrics) {
    return event(step, policy).setTrainingStep(metrics).build();
  }

  TrainingEvent reset(long step, PolicyStamp policy, ResetEvent reset) {
    return event(step, policy).setReset(reset).build();
  }

  TrainingEvent evaluation(long step, PolicyStamp policy, Evaluated evaluated, boolean ofAverage) {
    MeasuredRollouts measured = evaluated.measured();
    SequenceKl kl = measured.klToInitial();
    List<int[]> responses =
        measured.rollouts().stream().map(r -> r.rollout().responseTokens()).toList();
    EvaluationMetrics.Builder metrics =
        EvaluationMetrics.newBuilder()
            .setRewardMean(measured.rewardMean())
            .setKlToInitialNats(kl.nats())
            .setKlToInitialNatsPerToken(kl.natsPerToken())
            .setEntropyNats(measured.entropyMean())
            .setDistinct1(DistinctNgrams.share(responses, 1))
            .setDistinct2(DistinctNgrams.share(responses, 2))
            .setLengthMeanTokens(measured.lengthMean())
            .setOfAverage(ofAverage);
    evaluated.perplexity().ifPresent(metrics::setPerplexityHumanText);
    evaluated.judgeMean().ifPresent(metrics::setJudgeMean);
    translations.addTo(metrics, measured.rollouts());
    for (ReceivedRollout received : measured.rollouts()) {
      Sample.Builder sample =
          metrics
              .addSamplesBuilder()
              .setPrompt(received.prompt())
              .setResponse(received.response())
              .setReward(received.rollout().reward());
      received.judge().ifPresent(sample::setJudge);
      received.continuation().ifPresent(sample::setContinuation);
    }
    return event(step, policy).setEvaluation(metrics).build();
  }

  TrainingEvent updateDiscarded(long step, PolicyStamp policy, String reason, Path batch) {
    return event(step, policy)
        .setUpdateDiscarded(
            UpdateDiscarded.newBuilder().setReason(reason).setBatchFile(batch.toString()))
        .build();
  }

  TrainingEvent runEnded(long step, PolicyStamp policy, Path directory, Accounting accounting) {
    return event(step, policy)
        .setRunEnded(
            RunEnded.newBuilder()
                .setPolicyDirectory(directory.toString())
                .setAccounting(accounting))
        .build();
  }

  private TrainingEvent.Builder event(long step, PolicyStamp policy) {
    return TrainingEvent.newBuilder()
        .setRunId(runId)
        .setSequence(++sequence)
        .setStep(step)
        .setPolicyVersion(policy.version())
        .setResetEpoch(policy.resetEpoch())
        .setTimeMillis(clock.millis());
  }
}
