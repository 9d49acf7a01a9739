package org.elasticreset.ema.console;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.elasticreset.proto.v1.AuditEvent;
import org.elasticreset.proto.v1.EvaluationMetrics;
import org.elasticreset.proto.v1.RunEnded;
import org.elasticreset.proto.v1.Sample;
import org.elasticreset.proto.v1.StepMetrics;
import org.elasticreset.proto.v1.TrainingEvent;

/** A training event as the page reads it. Texts are as they came: the page shows them as text. */
final class EventJson {

  private static final JsonMapper JSON = new JsonMapper();
  private static final int MOST_SAMPLES = 24;
  private static final int MOST_CHARACTERS = 20_000;

  private EventJson() {}

  /**
   * One line of JSON.
   *
   * @param samples whether those of an evaluation are in it
   */
  static String of(TrainingEvent event, boolean samples) {
    ObjectNode node = JSON.createObjectNode();
    node.put("kind", kind(event));
    node.put("sequence", event.getSequence());
    node.put("step", event.getStep());
    node.put("version", event.getPolicyVersion());
    node.put("epoch", event.getResetEpoch());
    node.put("time", event.getTimeMillis());
    switch (event.getEventCase()) {
      case TRAINING_STEP -> step(node, event.getTrainingStep());
      case EVALUATION -> evaluation(node, event.getEvaluation(), samples);
      case RESET -> {
        node.put("reason", cut(event.getReset().getReason()));
        node.put("updates", event.getReset().getUpdatesSinceReset());
        node.put("initialShare", event.getReset().getInitialShare());
      }
      case UPDATE_DISCARDED -> node.put("reason", cut(event.getUpdateDiscarded().getReason()));
      case RUN_ENDED -> end(node, event.getRunEnded());
      case AUDIT -> audit(node, event.getAudit());
      case EVENT_NOT_SET -> {}
    }
    return node.toString();
  }

  private static String kind(TrainingEvent event) {
    return switch (event.getEventCase()) {
      case TRAINING_STEP -> "step";
      case EVALUATION -> "evaluation";
      case RESET -> "reset";
      case UPDATE_DISCARDED -> "discarded";
      case RUN_ENDED -> "end";
      case AUDIT -> "audit";
      case EVENT_NOT_SET -> "unknown";
    };
  }

  private static void step(ObjectNode node, StepMetrics step) {
    node.put("reward", step.getRewardMean());
    node.put("kl", step.getKlToInitialNats());
    node.put("entropy", step.getEntropyNats());
    node.put("staleness", step.getStalenessMax());
    node.put("tokensPerSecond", step.getTokensPerSecond());
    node.put("length", step.getLengthMeanTokens());
    node.put("people", step.getRewardedByPeople());
    ObjectNode dropped = node.putObject("dropped");
    step.getDroppedMap().forEach((reason, count) -> dropped.put(cut(reason), count));
  }

  private static void evaluation(ObjectNode node, EvaluationMetrics found, boolean samples) {
    node.put("reward", found.getRewardMean());
    node.put("kl", found.getKlToInitialNats());
    node.put("ofAverage", found.getOfAverage());
    if (found.hasJudgeMean()) {
      node.put("judge", found.getJudgeMean());
    }
    if (found.hasPerplexityHumanText()) {
      node.put("perplexity", found.getPerplexityHumanText());
    }
    if (samples) {
      var some = node.putArray("samples");
      found.getSamplesList().stream()
          .limit(MOST_SAMPLES)
          .forEach(sample -> sample(some.addObject(), sample));
    }
  }

  private static void sample(ObjectNode node, Sample sample) {
    node.put("prompt", cut(sample.getPrompt()));
    node.put("response", cut(sample.getResponse()));
    node.put("reward", sample.getReward());
    if (sample.hasJudge()) {
      node.put("judge", sample.getJudge());
    }
    if (sample.hasContinuation()) {
      node.put("continuation", cut(sample.getContinuation()));
    }
  }

  private static void end(ObjectNode node, RunEnded end) {
    node.put("admitted", end.getAccounting().getAdmitted());
    node.put("trained", end.getAccounting().getTrained());
    node.put("evaluated", end.getAccounting().getEvaluated());
  }

  private static void audit(ObjectNode node, AuditEvent audit) {
    node.put("action", cut(audit.getAction()));
    node.put("who", cut(audit.getWho()));
    node.put("proof", cut(audit.getProof()));
    node.put("why", cut(audit.getWhy()));
  }

  private static String cut(String text) {
    return text.length() <= MOST_CHARACTERS ? text : text.substring(0, MOST_CHARACTERS) + "…";
  }
}
