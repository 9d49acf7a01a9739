package org.elasticreset.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.elasticreset.checkpoint.DurableFiles;

/**
 * The way of a policy into production: different persons approve of one policy for one directory,
 * and with the last of them it is copied there, with a note of where it came from.
 *
 * @param needed persons
 */
record Promotion(RunDirectory run, Path target, int needed, AuditTrail trail) {
  private static final String APPROVED = "promotion-approved";
  private static final String PROMOTED = "promoted";
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * A person approves; with the last approval the policy is copied.
   *
   * @return approvals that are still missing
   * @throws InvalidInputException if the same person has approved of this before
   */
  int approve(String who, String why) throws IOException {
    PolicyDigest digest = PolicyDigest.of(run.policy());
    String policy = digest.sha256();
    List<JsonNode> before = approvals(policy);
    if (before.stream().anyMatch(line -> folded(line.path("who").asText()).equals(folded(who)))) {
      throw InvalidInputException.of(
          "--by", who, "another person than those who have approved of this promotion");
    }
    ObjectNode what = what(policy);
    trail.note(APPROVED, who, why, what.deepCopy());
    int missing = needed - before.size() - 1;
    if (missing > 0) {
      return missing;
    }
    // On the record first: what is in production is on it, whatever happens in between.
    trail.note(PROMOTED, who, why, what.deepCopy());
    DurableFiles.place(
        target,
        unfinished -> {
          for (String file : digest.files().keySet()) {
            Files.copy(run.policy().resolve(file), unfinished.resolve(file));
          }
          Files.writeString(
              unfinished.resolve(PolicyDigest.NOTE), note(digest).toPrettyString() + "\n");
        });
    return 0;
  }

  private List<JsonNode> approvals(String policy) {
    return trail.lines().stream()
        .filter(line -> line.path("action").asText().equals(APPROVED))
        .filter(line -> line.path("policy_sha256").asText().equals(policy))
        .filter(line -> line.path("to").asText().equals(target.toString()))
        .toList();
  }

  private ObjectNode what(String policy) {
    ObjectNode what = JSON.createObjectNode();
    RecordedRun recorded = RecordedRun.read(run);
    List<JsonNode> evaluations = recorded.events("evaluation");
    if (!evaluations.isEmpty()) {
      JsonNode last = evaluations.get(evaluations.size() - 1);
      what.set("step", last.path("step"));
      what.set("policy_version", last.path("policy_version"));
      what.set("reset_epoch", last.path("reset_epoch"));
      ObjectNode figures = what.putObject("evaluation");
      for (String figure :
          List.of(
              "reward_mean", "judge_mean", "kl_to_initial_nats", "perplexity_human_text", "of")) {
        if (last.has(figure)) {
          figures.set(figure, last.get(figure));
        }
      }
    }
    what.put("to", target.toString());
    what.put("policy_sha256", policy);
    return what;
  }

  /** What the promoted directory says of itself. */
  private ObjectNode note(PolicyDigest digest) {
    String policy = digest.sha256();
    ObjectNode note = JSON.createObjectNode();
    note.put("run", run.name());
    note.put("elastic_reset", Installation.version());
    note.setAll(what(policy));
    ObjectNode digests = note.putObject("sha256");
    digest.files().forEach(digests::put);
    ArrayNode persons = note.putArray("approved");
    for (JsonNode line : approvals(policy)) {
      ObjectNode person = persons.addObject();
      for (String field : List.of("who", "proof", "time", "why")) {
        person.set(field, line.path(field));
      }
    }
    note.put("audit_sha256", trail.newestDigest());
    return note;
  }

  private static String folded(String name) {
    return name.strip().toLowerCase(Locale.ROOT);
  }
}
