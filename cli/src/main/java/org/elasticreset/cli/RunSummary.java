package org.elasticreset.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * How a run went, in {@code run.json}: what neither its configuration nor its metrics say.
 *
 * @param outcome finished, interrupted or failed
 */
record RunSummary(
    String name, String preset, String outcome, String message, Instant started, Instant ended) {

  Duration wallTime() {
    return Duration.between(started, ended);
  }

  void write(Path file) {
    ObjectMapper json = new ObjectMapper();
    ObjectNode summary = json.createObjectNode();
    summary.put("name", name);
    summary.put("preset", preset);
    summary.put("outcome", outcome);
    summary.put("message", message);
    summary.put("started", started.toString());
    summary.put("ended", ended.toString());
    summary.put("wall_seconds", wallTime().toMillis() / 1000.0);
    summary.put("version", Installation.version());
    summary.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
    summary.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    summary.put("processors", Runtime.getRuntime().availableProcessors());
    try {
      Files.writeString(
          file, json.writerWithDefaultPrettyPrinter().writeValueAsString(summary) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
