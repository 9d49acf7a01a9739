package org.elasticreset.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.elasticreset.proto.v1.Sample;
import org.elasticreset.proto.v1.TrainingEvent;

/**
 * Writes {@code metrics.jsonl} and {@code samples.jsonl}, a line at a time, on disk at once.
 *
 * <p>Both are made anew from the first event on: the topic keeps every event, so a launcher that
 * was killed leaves nothing to repair. A learner that went back to a checkpoint tells its events
 * again from there: an event replaces the one of its number and all after it, so that every line is
 * there once. What persons and services did goes to {@code audit.jsonl}, which is never made anew.
 */
final class RunRecorder implements AutoCloseable {
  private final ObjectMapper json = new ObjectMapper();
  private final LineFile metrics;
  private final LineFile samples;
  private final AuditTrail audit;
  private final Runnable whenCaughtUp;

  /** Where the files ended before the event of each number. */
  private final TreeMap<Long, Lengths> before = new TreeMap<>();

  private record Lengths(long metrics, long samples) {}

  RunRecorder(RunDirectory directory) {
    this(directory.metrics(), directory.samples());
  }

  /**
   * As above.
   *
   * @param whenCaughtUp called once what earlier lives of the run have told is in the files
   */
  RunRecorder(RunDirectory directory, Runnable whenCaughtUp) {
    this(directory.metrics(), directory.samples(), whenCaughtUp);
  }

  /** Whose audit trail is beside its metrics. */
  RunRecorder(Path metricsFile, Path samplesFile) {
    this(metricsFile, samplesFile, () -> {});
  }

  private RunRecorder(Path metricsFile, Path samplesFile, Runnable whenCaughtUp) {
    this.whenCaughtUp = whenCaughtUp;
    metrics = LineFile.empty(metricsFile);
    samples = LineFile.empty(samplesFile);
    String audited = metricsFile.getFileName().toString().replace("metrics", "audit");
    audit = AuditTrail.open(metricsFile.resolveSibling(audited));
  }

  void record(TrainingEvent event) {
    if (event.hasAudit()) {
      audit.record(event);
      return;
    }
    try {
      if (event.getSequence() > 0) {
        takeBackFrom(event.getSequence());
        before.put(event.getSequence(), new Lengths(metrics.length(), samples.length()));
      }
      for (Sample sample : event.getEvaluation().getSamplesList()) {
        write(samples, sampleLine(event.getStep(), sample));
      }
      var line = MetricsLine.of(event);
      if (line.isPresent()) {
        write(metrics, line.get());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What comes from now on is new. */
  void caughtUp() {
    whenCaughtUp.run();
  }

  private void takeBackFrom(long sequence) throws IOException {
    Map.Entry<Long, Lengths> first = before.ceilingEntry(sequence);
    if (first != null) {
      metrics.truncate(first.getValue().metrics());
      samples.truncate(first.getValue().samples());
      before.tailMap(sequence, true).clear();
    }
  }

  private ObjectNode sampleLine(long step, Sample sample) {
    ObjectNode line = json.createObjectNode();
    line.put("step", step);
    line.put("prompt", sample.getPrompt());
    line.put("response", sample.getResponse());
    line.put("reward", sample.getReward());
    if (sample.hasJudge()) {
      line.put("judge", sample.getJudge());
    }
    if (sample.hasContinuation()) {
      line.put("continuation", sample.getContinuation());
    }
    return line;
  }

  private void write(LineFile file, ObjectNode line) throws IOException {
    file.append(json.writeValueAsBytes(line));
  }

  @Override
  public void close() {
    try (metrics;
        samples;
        audit) {
      // closed by leaving
    }
  }
}
