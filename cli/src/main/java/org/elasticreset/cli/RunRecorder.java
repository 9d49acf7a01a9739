package org.elasticreset.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import org.elasticreset.proto.v1.Sample;
import org.elasticreset.proto.v1.TrainingEvent;

/** Writes {@code metrics.jsonl} and {@code samples.jsonl}, a line at a time, on disk at once. */
final class RunRecorder implements AutoCloseable {
  private final ObjectMapper json = new ObjectMapper();
  private final Writer metrics;
  private final Writer samples;

  RunRecorder(RunDirectory directory) {
    try {
      metrics =
          Files.newBufferedWriter(
              directory.metrics(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      samples =
          Files.newBufferedWriter(
              directory.samples(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void record(TrainingEvent event) {
    try {
      for (Sample sample : event.getEvaluation().getSamplesList()) {
        write(samples, sampleLine(event.getStep(), sample));
      }
      samples.flush();
      var line = MetricsLine.of(event);
      if (line.isPresent()) {
        write(metrics, line.get());
        metrics.flush();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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
    return line;
  }

  private void write(Writer out, ObjectNode line) throws IOException {
    out.write(json.writeValueAsString(line));
    out.write('\n');
  }

  @Override
  public void close() {
    try (metrics;
        samples) {
      metrics.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
