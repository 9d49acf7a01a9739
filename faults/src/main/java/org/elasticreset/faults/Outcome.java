package org.elasticreset.faults;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.elasticreset.checkpoint.Sha256;

/**
 * What a run leaves that must not depend on what befell it.
 *
 * @param metrics lines without {@code time}, {@code tokens_per_second} and {@code dropped}
 * @param policy digest by file name
 */
record Outcome(List<String> metrics, List<String> samples, Map<String, String> policy) {
  private static final List<String> TIMINGS = List.of("time", "tokens_per_second", "dropped");

  static Outcome of(Path runDirectory) throws IOException {
    return of(runDirectory, "");
  }

  /** Of the second player of a game of two. */
  static Outcome ofReceiver(Path runDirectory) throws IOException {
    return of(runDirectory, "receiver-");
  }

  private static Outcome of(Path runDirectory, String player) throws IOException {
    ObjectMapper json = new ObjectMapper();
    List<String> metrics = new ArrayList<>();
    for (String line : Files.readAllLines(runDirectory.resolve(player + "metrics.jsonl"))) {
      metrics.add(((ObjectNode) json.readTree(line)).remove(TIMINGS).toString());
    }
    Map<String, String> policy = new TreeMap<>();
    try (Stream<Path> found = Files.list(runDirectory.resolve(player + "policy"))) {
      for (Path file : found.toList()) {
        policy.put(file.getFileName().toString(), Sha256.of(file));
      }
    }
    List<String> samples = Files.readAllLines(runDirectory.resolve(player + "samples.jsonl"));
    return new Outcome(metrics, samples, policy);
  }

  /** In words, what is not as in the undisturbed run. */
  List<String> differencesFrom(Outcome undisturbed) {
    List<String> differences = new ArrayList<>();
    differences.addAll(difference("metrics.jsonl", metrics, undisturbed.metrics));
    differences.addAll(difference("samples.jsonl", samples, undisturbed.samples));
    if (!policy.equals(undisturbed.policy)) {
      differences.add("policy: " + policy + " (expected: " + undisturbed.policy + ")");
    }
    return differences;
  }

  private static List<String> difference(String file, List<String> lines, List<String> expected) {
    for (int i = 0; i < Math.min(lines.size(), expected.size()); i++) {
      if (!lines.get(i).equals(expected.get(i))) {
        return List.of(
            "%s, line %d: %s (expected: %s)".formatted(file, i + 1, lines.get(i), expected.get(i)));
      }
    }
    return lines.size() == expected.size()
        ? List.of()
        : List.of("%s: %d lines (expected: %d)".formatted(file, lines.size(), expected.size()));
  }
}
