package org.elasticreset.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.elasticreset.proto.v1.EvaluationMetrics;
import org.elasticreset.proto.v1.ResetEvent;
import org.elasticreset.proto.v1.RunEnded;
import org.elasticreset.proto.v1.Sample;
import org.elasticreset.proto.v1.StepMetrics;
import org.elasticreset.proto.v1.TrainingEvent;

/** The events of a run that never was: reward and drift rise and fall back at each reset. */
final class SyntheticEvents {
  static final String HOSTILE = "</script><script>alert('x')</script> & \"quoted\" <b>bold</b>";

  private final Random random = new Random(7);
  private final int steps;
  private final int resetEvery;
  private final List<TrainingEvent> events = new ArrayList<>();
  private double progress;
  private long version = 1;
  private long epoch;

  private SyntheticEvents(int steps, int resetEvery) {
    this.steps = steps;
    this.resetEvery = resetEvery;
  }

  static List<TrainingEvent> run(int steps, int resetEvery, int evaluateEvery) {
    SyntheticEvents run = new SyntheticEvents(steps, resetEvery);
    run.evaluate(0);
    for (int step = 1; step <= steps; step++) {
      run.train(step);
      if (step % resetEvery == 0) {
        run.reset(step);
      }
      if (step % evaluateEvery == 0 || step == steps) {
        run.evaluate(step);
      }
    }
    run.events.add(
        run.event(steps).setRunEnded(RunEnded.newBuilder().setPolicyDirectory("policy")).build());
    return run.events;
  }

  private void train(int step) {
    progress += 0.06 * (1 - progress) + 0.004 * random.nextGaussian();
    version++;
    StepMetrics metrics =
        StepMetrics.newBuilder()
            .setRewardMean(reward() + 0.02 * random.nextGaussian())
            .setRewardStd(0.28 - 0.1 * progress)
            .setKlToInitialNats(drift())
            .setPolicyLoss(-0.02 + 0.004 * random.nextGaussian())
            .setValueLoss(0.05 * (1 - progress) + 0.01)
            .setEntropyNats(4.1 - 0.9 * progress)
            .setClipFraction(0.08 + 0.02 * random.nextDouble())
            .setStalenessMax(0)
            .setTokensPerSecond(900 + 60 * random.nextGaussian())
            .setLengthMeanTokens(39.2)
            .setApproximateKlNats(0.008)
            .setGradientNorm(0.7)
            .setLearningRate(1e-4)
            .setInitialShare(Math.pow(0.9, 1 + (step - 1) % resetEvery))
            .putDropped("STALE_EPOCH", 2)
            .putDropped("DUPLICATE", 1)
            .build();
    events.add(event(step).setTrainingStep(metrics).build());
  }

  private void reset(int step) {
    progress *= 0.62;
    epoch++;
    version++;
    events.add(
        event(step)
            .setReset(
                ResetEvent.newBuilder()
                    .setReason(resetEvery + " updates since the last reset")
                    .setUpdatesSinceReset(resetEvery)
                    .setInitialShare(Math.pow(0.9, resetEvery)))
            .build());
  }

  private void evaluate(int step) {
    EvaluationMetrics.Builder metrics =
        EvaluationMetrics.newBuilder()
            .setRewardMean(reward() + 0.01 * random.nextGaussian())
            .setJudgeMean(0.46 + 0.24 * progress)
            .setKlToInitialNats(step == 0 ? 0 : drift())
            .setKlToInitialNatsPerToken(drift() / 39)
            .setPerplexityHumanText(41 + 9 * progress * progress)
            .setEntropyNats(4.1 - 0.9 * progress)
            .setDistinct1(0.31 - 0.07 * progress)
            .setDistinct2(0.82 - 0.18 * progress)
            .setLengthMeanTokens(39.4);
    for (int i = 0; i < 12; i++) {
      metrics.addSamples(
          Sample.newBuilder()
              .setPrompt(
                  i == 0 ? HOSTILE : "The first thing you notice about this film, number " + i)
              .setResponse(
                  step == 0
                      ? " is that nobody in it seems to know why they came, and the camera agrees."
                      : " is how warmly it is played; a wonderful, moving piece with great actors.")
              .setReward(Math.min(1, Math.max(0, reward() + 0.15 * random.nextGaussian())))
              .setJudge(0.46 + 0.24 * progress));
    }
    events.add(event(step).setEvaluation(metrics).build());
  }

  private TrainingEvent.Builder event(int step) {
    return TrainingEvent.newBuilder()
        .setRunId("synthetic")
        .setStep(step)
        .setPolicyVersion(version)
        .setResetEpoch(epoch)
        .setTimeMillis(1_790_000_000_000L + 4_200L * step);
  }

  private double reward() {
    return 0.47 + 0.46 * progress;
  }

  private double drift() {
    return 24 * progress * progress * (1 + 0.03 * random.nextGaussian());
  }
}
