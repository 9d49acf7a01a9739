package org.elasticreset.cli.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.util.List;
import org.elasticreset.cli.RecordedRun;

/**
 * What a run of an experiment has measured by now.
 *
 * @param outcome finished, interrupted, failed or unfinished, as {@code run.json} has it; absent
 *     for one that has not begun
 * @param message why it failed
 * @param evaluations lines of {@code metrics.jsonl}, by rising step
 * @param resets how many there were
 */
record MeasuredRun(
    String arm,
    long seed,
    String outcome,
    String message,
    double wallSeconds,
    List<JsonNode> evaluations,
    int resets) {
  static final String ABSENT = "absent";

  MeasuredRun {
    evaluations = List.copyOf(evaluations);
  }

  static MeasuredRun read(ArmRun run) {
    if (!Files.isRegularFile(run.run().directory().config())) {
      return new MeasuredRun(run.arm(), run.seed(), ABSENT, "", 0, List.of(), 0);
    }
    RecordedRun recorded = RecordedRun.read(run.run().directory());
    return new MeasuredRun(
        run.arm(),
        run.seed(),
        recorded.summary().path("outcome").asText("unfinished"),
        recorded.summary().path("message").asText(""),
        recorded.summary().path("wall_seconds").asDouble(),
        recorded.events("evaluation"),
        recorded.events("reset").size());
  }

  boolean hasFinished() {
    return outcome.equals("finished");
  }
}
