package org.elasticreset.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.elasticreset.checkpoint.DurableFiles;
import org.elasticreset.proto.v1.Accounting;
import org.jspecify.annotations.Nullable;

/**
 * How a run went, in {@code run.json}: what neither its configuration nor its metrics say. Written
 * when it begins and goes on, at each restart of a service, and at its end.
 *
 * @param outcome finished, interrupted or failed; unfinished while it goes on, or if the launcher
 *     was killed
 * @param resumed when the run went on, each time
 * @param wallTime of all lives of the launcher together; of one that was killed, up to the last
 *     event that it recorded
 * @param restarts services that were started again, and how often
 * @param accounting what became of the rollouts; null before the run has ended
 */
record RunSummary(
    String name,
    String preset,
    String outcome,
    String message,
    Instant started,
    List<Instant> resumed,
    @Nullable Instant ended,
    Duration wallTime,
    Map<String, Integer> restarts,
    @Nullable Accounting accounting) {
  static final String FINISHED = "finished";
  static final String INTERRUPTED = "interrupted";
  static final String FAILED = "failed";
  private static final String UNFINISHED = "unfinished";
  private static final ObjectMapper JSON = new ObjectMapper();

  RunSummary {
    resumed = List.copyOf(resumed);
    restarts = Map.copyOf(restarts);
  }

  /** Of a run that begins now. */
  static RunSummary begun(String name, String preset, Instant now) {
    return new RunSummary(
        name, preset, UNFINISHED, "", now, List.of(), null, Duration.ZERO, Map.of(), null);
  }

  /** The launcher was killed and wrote nothing; the last that is known of it is from this time. */
  RunSummary killedAt(Instant lastSeen) {
    Instant begin = resumed.isEmpty() ? started : resumed.get(resumed.size() - 1);
    return outcome.equals(UNFINISHED) && lastSeen.isAfter(begin)
        ? endedAt(lastSeen, Duration.between(begin, lastSeen), INTERRUPTED, "", null)
        : this;
  }

  /** The run goes on. */
  RunSummary resumedAt(Instant now) {
    List<Instant> times = new ArrayList<>(resumed);
    times.add(now);
    return new RunSummary(
        name, preset, UNFINISHED, "", started, times, null, wallTime, restarts, null);
  }

  /** A service was started again. */
  RunSummary restarted(String service) {
    Map<String, Integer> counts = new TreeMap<>(restarts);
    counts.merge(service, 1, Integer::sum);
    return new RunSummary(
        name, preset, outcome, message, started, resumed, ended, wallTime, counts, accounting);
  }

  /** The launcher's part in the run is over, for now or for good. */
  RunSummary endedAt(
      Instant now,
      Duration life,
      String howItEnded,
      String why,
      @Nullable Accounting finalAccounting) {
    return new RunSummary(
        name,
        preset,
        howItEnded,
        why,
        started,
        resumed,
        now,
        wallTime.plus(life),
        restarts,
        finalAccounting);
  }

  boolean hasFinished() {
    return outcome.equals(FINISHED);
  }

  /** Whether no launcher is at work on it; of one that was killed nobody can say. */
  boolean hasEnded() {
    return !outcome.equals(UNFINISHED);
  }

  /** Reads what {@link #write} wrote; what became of the rollouts is left out. */
  static RunSummary read(Path file) throws IOException {
    JsonNode json = JSON.readTree(Files.readString(file));
    List<Instant> resumed = new ArrayList<>();
    json.path("resumed").forEach(time -> resumed.add(Instant.parse(time.asText())));
    Map<String, Integer> restarts = new TreeMap<>();
    json.path("restarts")
        .fields()
        .forEachRemaining(field -> restarts.put(field.getKey(), field.getValue().asInt()));
    return new RunSummary(
        json.path("name").asText(),
        json.path("preset").asText(),
        json.path("outcome").asText(),
        json.path("message").asText(),
        Instant.parse(json.path("started").asText()),
        resumed,
        json.hasNonNull("ended") ? Instant.parse(json.path("ended").asText()) : null,
        Duration.ofMillis(Math.round(1000 * json.path("wall_seconds").asDouble())),
        restarts,
        null);
  }

  /** Writes the file anew; whoever reads it sees the old one or the new one, whole. */
  void write(Path file) {
    try {
      DurableFiles.replace(
          file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json()) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ObjectNode json() {
    ObjectNode summary = JSON.createObjectNode();
    summary.put("name", name);
    summary.put("preset", preset);
    summary.put("outcome", outcome);
    summary.put("message", message);
    summary.put("started", started.toString());
    resumed.forEach(time -> summary.withArray("/resumed").add(time.toString()));
    if (ended != null) {
      summary.put("ended", ended.toString());
    }
    summary.put("wall_seconds", wallTime.toMillis() / 1000.0);
    if (!restarts.isEmpty()) {
      ObjectNode counts = summary.putObject("restarts");
      new TreeMap<>(restarts).forEach(counts::put);
    }
    if (accounting != null) {
      summary.set("accounting", AccountingText.json(accounting));
    }
    summary.put("version", Installation.version());
    summary.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
    summary.put("system", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
    summary.put("processors", Runtime.getRuntime().availableProcessors());
    return summary;
  }
}
