package org.elasticreset.cli.tracking;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A metrics.jsonl as a learner writes it, goes back in it, and tells it again. */
final class MetricsLines {
  static final Instant BEGIN = Instant.parse("2026-11-01T10:00:00Z");

  private final Path file;
  private final List<String> lines = new ArrayList<>();
  private int told;
  private boolean torn;

  MetricsLines(Path file) {
    this.file = file;
  }

  /** A step, and what became of it. */
  MetricsLines step(long step, double reward) throws IOException {
    return line(
        "{\"event\":\"step\",\"step\":%d,\"policy_version\":%d,\"reset_epoch\":0,%s,"
                .formatted(step, step + 1, time())
            + "\"reward_mean\":%s,\"tokens_per_second\":%d.5}".formatted(reward, 1000 + told));
  }

  MetricsLines evaluation(long step, double reward) throws IOException {
    return line(
        "{\"event\":\"evaluation\",\"step\":%d,\"policy_version\":%d,\"reset_epoch\":0,%s,"
                .formatted(step, step + 1, time())
            + "\"reward_mean\":%s}".formatted(reward));
  }

  MetricsLines reset(long step) throws IOException {
    return line(
        "{\"event\":\"reset\",\"step\":%d,\"policy_version\":%d,\"reset_epoch\":1,%s,"
                .formatted(step, step + 2, time())
            + "\"reason\":\"that many\",\"updates_since_reset\":2,\"initial_share\":0.25}");
  }

  /** Steps with the rewards of a first telling: a hundredth of the step. */
  MetricsLines steps(long from, long to) throws IOException {
    for (long step = from; step <= to; step++) {
      step(step, step / 100.0);
    }
    return this;
  }

  /** A line that is being written. */
  MetricsLines torn(String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.APPEND);
    torn = true;
    return this;
  }

  /** The learner goes back: all but the first lines are taken back. */
  MetricsLines backTo(int size) throws IOException {
    lines.subList(size, lines.size()).clear();
    Files.writeString(file, String.join("", lines));
    torn = false;
    return this;
  }

  private MetricsLines line(String text) throws IOException {
    if (torn) {
      backTo(lines.size());
    }
    lines.add(text + "\n");
    Files.writeString(file, text + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    return this;
  }

  private String time() {
    told++;
    return "\"time\":\"%s\"".formatted(BEGIN.plusMillis(1001L * told));
  }
}
