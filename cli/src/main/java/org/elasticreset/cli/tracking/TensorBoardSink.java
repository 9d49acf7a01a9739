package org.elasticreset.cli.tracking;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Event files of TensorBoard in a folder of the run's own. Each life of the run writes a file;
 * where it, or its learner, went back, the next file begins with what makes readers forget.
 */
final class TensorBoardSink implements MetricsSink {
  private static final int SUCCESS = 1;

  private final TrackedRun run;
  private final Path folder;
  private @Nullable EventFile file;

  TensorBoardSink(TrackedRun run, Path folder) {
    this.run = run;
    this.folder = folder;
  }

  @Override
  public String name() {
    return "TensorBoard in " + folder;
  }

  /** Beside the event files, so that it goes when they are deleted. */
  @Override
  public Ledger openLedger() {
    return Ledger.open(folder.resolve("delivered.txt"));
  }

  @Override
  public int begin(Ledger ledger) throws IOException {
    if (!ledger.note().equals(run.identity())) {
      if (!ledger.note().isEmpty()) {
        throw new RefusedException(
            "the folder holds run %s (expected: none, or this run's: %s)"
                .formatted(ledger.note(), run.identity()));
      }
      ledger.note(run.identity());
    }
    return ledger.size();
  }

  @Override
  public void send(List<MetricsPoint> points, boolean replacing, int behind) throws IOException {
    try {
      EventFile open = file;
      if (open == null || replacing) {
        open = next(points.get(0).step(), behind == points.size());
      }
      for (MetricsPoint point : points) {
        open.add(EventBytes.point(point));
      }
    } catch (IOException e) {
      close(); // what it ends with may be no whole record
      throw e;
    }
  }

  private EventFile next(long step, boolean isFirst) throws IOException {
    boolean others = EventFile.isIn(folder);
    close();
    Instant now = Instant.now();
    EventFile next = EventFile.begin(folder, now);
    file = next;
    if (others) {
      next.add(EventBytes.restart(now, step));
    }
    if (isFirst) {
      next.add(EventBytes.words(run.started(), "run", table()));
      next.add(EventBytes.settings(run.started(), run.name(), run.settings()));
    }
    return next;
  }

  private String table() {
    StringBuilder table = new StringBuilder("| | |\n|---|---|\n");
    run.tags().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(tag -> row(table, "**" + tag.getKey() + "**", tag.getValue()));
    run.settings().forEach((key, value) -> row(table, key, value));
    return table.toString();
  }

  private static void row(StringBuilder table, String key, String value) {
    String text = value.replace("|", "\\|").replaceAll("\\R", " ");
    table.append("| ").append(key).append(" | `").append(text).append("` |\n");
  }

  @Override
  public void end(RunOutcome outcome) throws IOException {
    EventFile open = file;
    // TensorBoard keeps the first end that it reads, and a run that stopped may be resumed.
    if (open != null && outcome.state() == RunOutcome.State.FINISHED) {
      open.add(EventBytes.ended(outcome.at(), SUCCESS));
    }
  }

  @Override
  public void close() {
    EventFile open = file;
    file = null;
    if (open != null) {
      open.close();
    }
  }
}
