package org.elasticreset.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a run left behind, read back from its directory; a run that was cut short is one, too.
 *
 * @param configuration {@code config.yaml}
 * @param summary {@code run.json}; it says unfinished while the run goes on or after the launcher
 *     was killed
 * @param metrics the lines of {@code metrics.jsonl}, in order
 * @param samples the lines of {@code samples.jsonl}, in order
 * @param audit the lines of {@code audit.jsonl}, in order
 */
public record RecordedRun(
    String name,
    JsonNode configuration,
    JsonNode summary,
    List<JsonNode> metrics,
    List<JsonNode> samples,
    List<JsonNode> audit) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * Reads a run directory.
   *
   * @throws InvalidInputException if it is none
   */
  public static RecordedRun read(RunDirectory directory) {
    if (!Files.isRegularFile(directory.config())) {
      throw InvalidInputException.of(
          "RUN_DIR", directory.path(), "the directory of a run; config.yaml is missing");
    }
    try {
      return new RecordedRun(
          directory.name(),
          new YAMLMapper().readTree(Files.readString(directory.config())),
          Files.exists(directory.summary())
              ? JSON.readTree(Files.readString(directory.summary()))
              : MissingNode.getInstance(),
          lines(directory.metrics()),
          lines(directory.samples()),
          AuditTrail.read(directory.audit()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<JsonNode> lines(Path file) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        try {
          lines.add(JSON.readTree(line));
        } catch (JsonProcessingException e) {
          return lines; // the last line of a run that was killed while it wrote
        }
      }
    }
    return lines;
  }

  /** The lines of one kind of event: step, evaluation or reset. */
  public List<JsonNode> events(String event) {
    return metrics.stream().filter(line -> line.path("event").asText().equals(event)).toList();
  }

  /** Samples of the evaluation of a step, in the order of its prompts. */
  List<JsonNode> samplesOf(long step) {
    return samples.stream().filter(line -> line.path("step").asLong() == step).toList();
  }
}
