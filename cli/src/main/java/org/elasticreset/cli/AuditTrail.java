package org.elasticreset.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.elasticreset.checkpoint.Sha256;
import org.elasticreset.proto.v1.TrainingEvent;

/**
 * {@code audit.jsonl}: who did what about a run, in the order in which it became known here. Lines
 * are only ever added. Each carries the SHA-256 of the line before it, so that one that is changed,
 * taken out or put in later shows.
 */
final class AuditTrail implements AutoCloseable {
  /** What the first line carries. */
  static final String BEGINNING = "0".repeat(64);

  private static final ObjectMapper JSON = new ObjectMapper();

  private final FileChannel file;
  private final List<JsonNode> lines = new ArrayList<>();
  private final Set<String> ids = new HashSet<>();
  private String newest = BEGINNING;

  private AuditTrail(FileChannel file) {
    this.file = file;
  }

  /** Opens the trail of a run to add to it; a line that a process died over is taken back. */
  static AuditTrail open(RunDirectory run) {
    return open(run.audit());
  }

  /** As {@link #open(RunDirectory)}, by its file. */
  static AuditTrail open(Path path) {
    try {
      FileChannel file =
          FileChannel.open(
              path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      AuditTrail trail = new AuditTrail(file);
      long whole = 0;
      for (String line : wholeLines(path)) {
        trail.take(line);
        whole += line.getBytes(StandardCharsets.UTF_8).length + 1;
      }
      file.truncate(whole);
      file.position(whole);
      return trail;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> wholeLines(Path path) throws IOException {
    if (!Files.exists(path)) {
      return List.of();
    }
    String text = Files.readString(path);
    return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
  }

  private void take(String line) {
    newest = Sha256.of(line);
    try {
      JsonNode read = JSON.readTree(line);
      lines.add(read);
      ids.add(read.path("id").asText());
    } catch (JsonProcessingException e) {
      lines.add(JSON.createObjectNode()); // check() says what is wrong with it
    }
  }

  /** Adds what a service told, unless it is a copy. */
  void record(TrainingEvent event) {
    if (!ids.contains(event.getAudit().getId())) {
      append(AuditLine.of(event));
    }
  }

  /** Adds what this program does, on the disk when this returns. */
  void note(String action, String who, String why) {
    note(action, who, why, JSON.createObjectNode());
  }

  /** As {@link #note(String, String, String)}, with more fields. */
  void note(String action, String who, String why, ObjectNode more) {
    ObjectNode line =
        AuditLine.here(action + "-line-" + (lines.size() + 1), Instant.now(), action, who, why);
    line.setAll(more);
    append(line);
  }

  private void append(ObjectNode line) {
    line.put("previous", newest);
    try {
      String text = JSON.writeValueAsString(line);
      ByteBuffer bytes = ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
      file.force(true);
      take(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every line, in order. */
  List<JsonNode> lines() {
    return List.copyOf(lines);
  }

  /** SHA-256 of the newest line, which vouches for all before it. */
  String newestDigest() {
    return newest;
  }

  /** What breaks the chain of a trail, in words; empty if it is whole. */
  static Optional<String> broken(Path path) {
    String before = BEGINNING;
    int number = 0;
    try {
      for (String line : wholeLines(path)) {
        number++;
        JsonNode read = JSON.readTree(line);
        if (!read.path("previous").asText().equals(before)) {
          return Optional.of(
              "line %d does not follow the line before it (previous: %s; SHA-256 of the line before: %s)"
                  .formatted(number, read.path("previous").asText("none"), before));
        }
        before = Sha256.of(line);
      }
      return Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.of("line %d is no JSON".formatted(number));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The lines of a trail that nobody adds to now. */
  static List<JsonNode> read(Path path) {
    try {
      List<JsonNode> lines = new ArrayList<>();
      for (String line : wholeLines(path)) {
        lines.add(JSON.readTree(line));
      }
      return lines;
    } catch (JsonProcessingException e) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
