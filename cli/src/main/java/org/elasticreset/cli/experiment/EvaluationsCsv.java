package org.elasticreset.cli.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Every evaluation of every run, a line each: arm, seed and all of its figures by the names of
 * {@code metrics.jsonl}. What an evaluation lacks is empty.
 */
final class EvaluationsCsv {
  private static final Set<String> NO_FIGURES = Set.of("event", "time", "samples");

  private EvaluationsCsv() {}

  static CsvTable of(List<MeasuredRun> runs) {
    Set<String> figures = new LinkedHashSet<>();
    for (MeasuredRun run : runs) {
      for (JsonNode evaluation : run.evaluations()) {
        evaluation.fieldNames().forEachRemaining(figures::add);
      }
    }
    figures.removeAll(NO_FIGURES);
    List<String> header = new ArrayList<>(List.of("arm", "seed"));
    header.addAll(figures);
    List<List<String>> rows = new ArrayList<>();
    for (MeasuredRun run : runs) {
      for (JsonNode evaluation : run.evaluations()) {
        List<String> row = new ArrayList<>(List.of(run.arm(), String.valueOf(run.seed())));
        for (String figure : figures) {
          JsonNode value = evaluation.path(figure);
          row.add(value.isValueNode() && !value.isNull() ? value.asText() : "");
        }
        rows.add(row);
      }
    }
    return new CsvTable(header, rows);
  }
}
