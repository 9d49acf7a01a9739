package org.elasticreset.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeMap;
import org.elasticreset.proto.v1.EvaluationMetrics;
import org.elasticreset.proto.v1.ResetEvent;
import org.elasticreset.proto.v1.ResetTo;
import org.elasticreset.proto.v1.StepMetrics;
import org.elasticreset.proto.v1.TrainingEvent;
import org.elasticreset.proto.v1.UpdateDiscarded;

/**
 * A line of {@code metrics.jsonl}: field names and their order are a contract that scripts read.
 * docs/metrics.md defines each figure.
 */
final class MetricsLine {
  private final ObjectNode line = JsonNodeFactory.instance.objectNode();

  private MetricsLine(String name, TrainingEvent event) {
    line.put("event", name);
    line.put("step", event.getStep());
    line.put("policy_version", event.getPolicyVersion());
    line.put("reset_epoch", event.getResetEpoch());
    line.put("time", Instant.ofEpochMilli(event.getTimeMillis()).toString());
  }

  /** The line of an event; empty for an event that has none, such as the end of the run. */
  static Optional<ObjectNode> of(TrainingEvent event) {
    return switch (event.getEventCase()) {
      case TRAINING_STEP ->
          Optional.of(new MetricsLine("step", event).step(event.getTrainingStep()));
      case EVALUATION ->
          Optional.of(new MetricsLine("evaluation", event).evaluation(event.getEvaluation()));
      case RESET -> Optional.of(new MetricsLine("reset", event).reset(event.getReset()));
      case UPDATE_DISCARDED ->
          Optional.of(
              new MetricsLine("update_discarded", event).discarded(event.getUpdateDiscarded()));
      case AUDIT, RUN_ENDED, EVENT_NOT_SET -> Optional.empty();
    };
  }

  private ObjectNode step(StepMetrics step) {
    put("reward_mean", step.getRewardMean());
    put("reward_std", step.getRewardStd());
    put("kl_to_initial_nats", step.getKlToInitialNats());
    put("policy_loss", step.getPolicyLoss());
    put("value_loss", step.getValueLoss());
    put("entropy_nats", step.getEntropyNats());
    put("clip_fraction", step.getClipFraction());
    line.put("staleness_max", step.getStalenessMax());
    put("tokens_per_second", step.getTokensPerSecond());
    put("length_mean_tokens", step.getLengthMeanTokens());
    put("approximate_kl_nats", step.getApproximateKlNats());
    put("gradient_norm", step.getGradientNorm());
    put("learning_rate", step.getLearningRate());
    put("kl_coefficient", step.getKlCoefficient());
    put("initial_share", step.getInitialShare());
    if (step.hasRehearsalLoss()) {
      put("rehearsal_loss", step.getRehearsalLoss());
    }
    if (step.hasDistanceToInitial()) {
      put("distance_to_initial", step.getDistanceToInitial());
    }
    if (step.hasImitationLoss()) {
      put("imitation_loss", step.getImitationLoss());
    }
    if (step.getRewardedByPeople() + step.getRewardedByFallback() > 0) {
      line.put("rewarded_by_people", step.getRewardedByPeople());
      line.put("rewarded_by_fallback", step.getRewardedByFallback());
    }
    ObjectNode dropped = line.putObject("dropped");
    new TreeMap<>(step.getDroppedMap()).forEach(dropped::put);
    return line;
  }

  private ObjectNode evaluation(EvaluationMetrics evaluation) {
    put("reward_mean", evaluation.getRewardMean());
    if (evaluation.hasJudgeMean()) {
      put("judge_mean", evaluation.getJudgeMean());
    }
    put("kl_to_initial_nats", evaluation.getKlToInitialNats());
    put("kl_to_initial_nats_per_token", evaluation.getKlToInitialNatsPerToken());
    if (evaluation.hasPerplexityHumanText()) {
      put("perplexity_human_text", evaluation.getPerplexityHumanText());
    }
    put("entropy_nats", evaluation.getEntropyNats());
    put("distinct_1", evaluation.getDistinct1());
    put("distinct_2", evaluation.getDistinct2());
    put("length_mean_tokens", evaluation.getLengthMeanTokens());
    if (evaluation.hasBleuTask()) {
      put("bleu_task", evaluation.getBleuTask());
    }
    if (evaluation.hasBleuDrift()) {
      put("bleu_drift", evaluation.getBleuDrift());
    }
    line.put("samples", evaluation.getSamplesCount());
    if (evaluation.getOfAverage()) {
      line.put("of", "average");
    }
    return line;
  }

  private ObjectNode reset(ResetEvent reset) {
    line.put("reason", reset.getReason());
    line.put("updates_since_reset", reset.getUpdatesSinceReset());
    put("initial_share", reset.getInitialShare());
    if (reset.getTo() == ResetTo.RESET_TO_INITIAL) {
      line.put("to", "initial");
    }
    return line;
  }

  private ObjectNode discarded(UpdateDiscarded discarded) {
    line.put("reason", discarded.getReason());
    line.put("batch_file", discarded.getBatchFile());
    return line;
  }

  /** JSON has no NaN: a figure that is not finite is null. */
  private void put(String name, double value) {
    if (Double.isFinite(value)) {
      line.put(name, value);
    } else {
      line.putNull(name);
    }
  }
}
