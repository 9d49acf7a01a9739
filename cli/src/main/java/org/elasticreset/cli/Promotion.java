package org.elasticreset.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.elasticreset.checkpoint.DurableFiles;

/**
 * The way of a policy into production: different persons approve of one policy for one directory,
 * and with the last of them it is copied there, with a note of where it came from.
 *
 * <p>An approval is on the record and on the topic before anything is copied, and the copy is whole
 * before the record says that it is promoted. So whoever dies on the way starts the same command
 * again: it finds what is done, does the rest, and tells the topic what may not have arrived.
 *
 * @param needed persons
 * @param topic where the run's broker is still there
 */
record Promotion(
    RunDirectory run, Path target, int needed, AuditTrail trail, Optional<RunTopic> topic) {
  private static final String APPROVED = "promotion-approved";
  private static final String PROMOTED = "promoted";
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * A person approves; with the last approval the policy is copied.
   *
   * @return approvals that are still missing
   * @throws InvalidInputException if the same person has approved of this before, something else is
   *     at the target, or the topic cannot be told
   */
  int approve(String who, String why) throws IOException {
    PolicyDigest policy = PolicyDigest.of(run.policy());
    boolean copied = isCopied(policy);
    if (copied && approvals(policy).isEmpty()) {
      tell(); // It is promoted, and all that was left is this.
      return 0;
    }
    boolean again = approvals(policy).stream().anyMatch(line -> isBy(who, line));
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)
        && !(copied && approvals(policy).size() >= needed)) {
      throw InvalidInputException.of("--to", target, "a directory that does not exist yet");
    }
    if (!again) {
      trail.note(APPROVED, who, why, what(policy));
    }
    tell();
    int missing = needed - approvals(policy).size();
    if (missing > 0 && again) {
      throw InvalidInputException.of(
          "--by", who, "another person than those who have approved of this promotion");
    } else if (missing > 0) {
      return missing;
    }
    if (!copied) {
      copy(policy);
    }
    trail.note(PROMOTED, who, why, what(policy));
    tell();
    return 0;
  }

  private boolean isCopied(PolicyDigest policy) {
    return Files.isRegularFile(target.resolve(PolicyDigest.NOTE))
        && PolicyDigest.of(target).equals(policy);
  }

  private void copy(PolicyDigest policy) throws IOException {
    DurableFiles.place(
        target,
        unfinished -> {
          for (String file : policy.files().keySet()) {
            Files.copy(run.policy().resolve(file), unfinished.resolve(file));
          }
          Files.writeString(
              unfinished.resolve(PolicyDigest.NOTE), note(policy).toPrettyString() + "\n");
        });
  }

  private void tell() {
    Optional<String> problem = topic.flatMap(events -> events.tell(trail.lines()));
    if (problem.isPresent()) {
      throw new InvalidInputException(
          problem.get()
              + " (expected: the run's broker; audit.jsonl has all of it, and the same command goes on from there."
              + " If that broker is gone for good, so does --directory-only)");
    }
  }

  /** Of this policy for this directory, since it was last promoted there. */
  private List<JsonNode> approvals(PolicyDigest policy) {
    String digest = policy.sha256();
    List<JsonNode> approvals = new ArrayList<>();
    for (JsonNode line : trail.lines()) {
      if (line.path("policy_sha256").asText().equals(digest)
          && line.path("to").asText().equals(target.toString())) {
        if (line.path("action").asText().equals(PROMOTED)) {
          approvals.clear();
        } else {
          approvals.add(line);
        }
      }
    }
    return approvals;
  }

  private ObjectNode what(PolicyDigest policy) {
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
              "step",
              "reward_mean",
              "judge_mean",
              "kl_to_initial_nats",
              "perplexity_human_text",
              "of")) {
        if (last.has(figure)) {
          figures.set(figure, last.get(figure));
        }
      }
    }
    what.put("to", target.toString());
    what.put("policy_sha256", policy.sha256());
    return what;
  }

  /** What the promoted directory says of itself. */
  private ObjectNode note(PolicyDigest policy) {
    ObjectNode note = JSON.createObjectNode();
    note.put("run", run.name());
    note.put("elastic_reset", Installation.version());
    note.setAll(what(policy));
    ObjectNode digests = note.putObject("sha256");
    policy.files().forEach(digests::put);
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

  private static boolean isBy(String who, JsonNode line) {
    return folded(line.path("who").asText()).equals(folded(who));
  }

  private static String folded(String name) {
    return name.strip().toLowerCase(Locale.ROOT);
  }
}
