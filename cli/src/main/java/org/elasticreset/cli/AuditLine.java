package org.elasticreset.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.elasticreset.proto.v1.AuditEvent;
import org.elasticreset.proto.v1.AuditFigures;
import org.elasticreset.proto.v1.EvaluationFigures;
import org.elasticreset.proto.v1.PromotedPolicy;
import org.elasticreset.proto.v1.TrainingEvent;

/** A line of {@code audit.jsonl}, all but the digest of the one before it; see docs/audit.md. */
final class AuditLine {
  /** How it is known who somebody is that the system logged in. */
  private static final String OPERATING_SYSTEM = "operating-system";

  /** The same of a name that the user of the system gave. */
  private static final String CLAIMED_BY = "claimed by ";

  private AuditLine() {}

  /** Of an event that a service told. */
  static ObjectNode of(TrainingEvent event) {
    AuditEvent audit = event.getAudit();
    ObjectNode line =
        line(
            audit.getId(),
            Instant.ofEpochMilli(event.getTimeMillis()),
            audit.getAction(),
            audit.getWho(),
            audit.getProof(),
            audit.getWhy());
    line.put("step", event.getStep());
    line.put("policy_version", event.getPolicyVersion());
    line.put("reset_epoch", event.getResetEpoch());
    putFigures(line, audit.getFigures());
    return line;
  }

  /** Of something that this program does, for the person at the terminal. */
  static ObjectNode here(String id, Instant now, String action, String who, String why) {
    return line(
        id,
        now,
        action,
        who.isBlank() ? user() : who,
        who.isBlank() ? OPERATING_SYSTEM : CLAIMED_BY + user(),
        why);
  }

  /** Whether this program wrote a line for itself, and not for a service that told it. */
  static boolean isOfThisProgram(JsonNode line) {
    String proof = line.path("proof").asText();
    return proof.equals(OPERATING_SYSTEM) || proof.startsWith(CLAIMED_BY);
  }

  /** The event that such a line is on {@code training-events}. */
  static TrainingEvent event(String runId, JsonNode line) {
    AuditEvent.Builder audit =
        AuditEvent.newBuilder()
            .setId(line.path("id").asText())
            .setAction(line.path("action").asText())
            .setWho(line.path("who").asText())
            .setProof(line.path("proof").asText())
            .setWhy(line.path("why").asText());
    if (line.has("policy_sha256")) {
      audit.setPromoted(
          PromotedPolicy.newBuilder()
              .setTo(line.path("to").asText())
              .setPolicySha256(line.path("policy_sha256").asText()));
    }
    if (line.has("evaluation")) {
      audit.setFigures(
          AuditFigures.newBuilder().setEvaluation(evaluation(line.path("evaluation"))));
    }
    return TrainingEvent.newBuilder()
        .setRunId(runId)
        .setStep(line.path("step").asLong())
        .setPolicyVersion(line.path("policy_version").asLong())
        .setResetEpoch(line.path("reset_epoch").asLong())
        .setTimeMillis(Instant.parse(line.path("time").asText()).toEpochMilli())
        .setAudit(audit)
        .build();
  }

  private static EvaluationFigures.Builder evaluation(JsonNode line) {
    EvaluationFigures.Builder evaluation =
        EvaluationFigures.newBuilder()
            .setStep(line.path("step").asLong())
            .setRewardMean(line.path("reward_mean").asDouble())
            .setKlToInitialNats(line.path("kl_to_initial_nats").asDouble());
    if (line.has("judge_mean")) {
      evaluation.setJudgeMean(line.path("judge_mean").asDouble());
    }
    if (line.has("perplexity_human_text")) {
      evaluation.setPerplexityHumanText(line.path("perplexity_human_text").asDouble());
    }
    return evaluation;
  }

  private static String user() {
    return System.getProperty("user.name", "unknown");
  }

  private static ObjectNode line(
      String id, Instant time, String action, String who, String proof, String why) {
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    line.put("id", id);
    line.put("time", time.toString());
    line.put("action", action);
    line.put("who", who);
    line.put("proof", proof);
    line.put("why", why);
    return line;
  }

  private static void putFigures(ObjectNode line, AuditFigures figures) {
    if (figures.hasUpdatesSinceReset()) {
      line.put("updates_since_reset", figures.getUpdatesSinceReset());
    }
    if (figures.hasRewardMean()) {
      line.put("reward_mean", figures.getRewardMean());
    }
    if (figures.hasKlToInitialNats()) {
      line.put("kl_to_initial_nats", figures.getKlToInitialNats());
    }
    if (figures.hasEvaluation()) {
      var found = figures.getEvaluation();
      ObjectNode evaluation = line.putObject("evaluation");
      evaluation.put("step", found.getStep());
      evaluation.put("reward_mean", found.getRewardMean());
      evaluation.put("kl_to_initial_nats", found.getKlToInitialNats());
      if (found.hasJudgeMean()) {
        evaluation.put("judge_mean", found.getJudgeMean());
      }
      if (found.hasPerplexityHumanText()) {
        evaluation.put("perplexity_human_text", found.getPerplexityHumanText());
      }
    }
  }

  /** A line for people. */
  static String words(JsonNode line) {
    String why = line.path("why").asText();
    String figures = figures(line);
    return "%s  %s by %s (%s)%s%s%s%s"
        .formatted(
            line.path("time").asText().replaceAll("\\..*", "Z"),
            line.path("action").asText().replace('-', ' '),
            line.path("who").asText(),
            line.path("proof").asText(),
            line.has("step")
                ? ", step %s, version %s"
                    .formatted(line.path("step").asText(), line.path("policy_version").asText())
                : "",
            line.has("to") ? ", to " + line.path("to").asText() : "",
            why.isBlank() ? "" : ": " + why,
            figures.isEmpty() ? "" : " [" + figures + "]");
  }

  /** What was known of the policy, for people; empty if nothing was. */
  static String figures(JsonNode line) {
    List<String> figures = new ArrayList<>();
    if (line.path("reward_mean").isNumber()) {
      figures.add(RunProgress.format("reward %.3f", line.path("reward_mean").asDouble()));
    }
    if (line.path("kl_to_initial_nats").isNumber()) {
      figures.add(RunProgress.format("%.2f nats", line.path("kl_to_initial_nats").asDouble()));
    }
    JsonNode evaluation = line.path("evaluation");
    if (evaluation.path("reward_mean").isNumber()) {
      figures.add(
          RunProgress.format(
              "evaluated at step %s: %.3f at %.2f nats",
              evaluation.path("step").asText(),
              evaluation.path("reward_mean").asDouble(),
              evaluation.path("kl_to_initial_nats").asDouble()));
    }
    return String.join(", ", figures);
  }
}
