package org.elasticreset.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What a run changed, in a few lines: the first evaluation beside the last, and who rewarded it
 * where people were asked.
 */
final class ClosingTable {
  private record Row(String label, String field, int decimals) {}

  private static final List<Row> ROWS =
      List.of(
          new Row("reward", "reward_mean", 3),
          new Row("judge", "judge_mean", 3),
          new Row("BLEU, task", "bleu_task", 2),
          new Row("BLEU, drift", "bleu_drift", 2),
          new Row("KL to initial, nats", "kl_to_initial_nats", 2),
          new Row("perplexity, human text", "perplexity_human_text", 2),
          new Row("entropy, nats a token", "entropy_nats", 2),
          new Row("distinct-2", "distinct_2", 3));

  private ClosingTable() {}

  /** The lines of the table; none of evaluations before two of them are known. */
  static List<String> lines(RecordedRun run) {
    List<String> lines = new ArrayList<>(evaluations(run.events("evaluation")));
    RewardShares.of(run)
        .ifPresent(shares -> lines.add(RunProgress.format("%-24s %s", "rewards", shares.line())));
    return lines;
  }

  private static List<String> evaluations(List<JsonNode> evaluations) {
    if (evaluations.size() < 2) {
      return List.of();
    }
    JsonNode first = evaluations.get(0);
    JsonNode last = evaluations.get(evaluations.size() - 1);
    List<String> lines = new ArrayList<>();
    lines.add(
        RunProgress.format("%-24s %10s %10s", "", "before", "step " + last.path("step").asLong()));
    for (Row row : ROWS) {
      if (last.hasNonNull(row.field)) {
        lines.add(
            RunProgress.format(
                "%-24s %10s %10s",
                row.label,
                Figures.of(first, row.field, row.decimals),
                Figures.of(last, row.field, row.decimals)));
      }
    }
    return lines;
  }
}
