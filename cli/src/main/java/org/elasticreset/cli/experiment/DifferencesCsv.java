package org.elasticreset.cli.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.elasticreset.evidence.Comparison;

/**
 * Every difference from the baseline that the page shows: reward at equal drift, at every level,
 * and the area under the front.
 */
final class DifferencesCsv {
  private static final List<String> HEADER =
      List.of(
          "figure",
          "reward",
          "drift",
          "level",
          "primary",
          "arm",
          "baseline",
          "seeds",
          "difference",
          "low",
          "high",
          "confidence",
          "p",
          "p_holm",
          "p_sign_flip",
          "smallest_detectable",
          "verdict");

  private DifferencesCsv() {}

  static CsvTable of(List<ComparedView> views) {
    List<List<String>> rows = new ArrayList<>();
    for (ComparedView view : views) {
      for (ComparedView.AtLevel level : view.levels()) {
        for (Comparison comparison : level.comparisons()) {
          rows.add(
              row(
                  view,
                  "reward_at_drift",
                  level.level().drift(),
                  level.level().primary(),
                  comparison));
        }
      }
      view.area()
          .ifPresent(
              area ->
                  area.comparisons()
                      .forEach(
                          each ->
                              rows.add(
                                  row(view, "area_under_front", area.range().upTo(), true, each))));
    }
    return new CsvTable(HEADER, rows);
  }

  private static List<String> row(
      ComparedView view, String figure, double level, boolean primary, Comparison comparison) {
    List<String> row = new ArrayList<>();
    row.add(figure);
    row.add(view.reward().field());
    row.add(view.drift().field());
    row.add(number(level));
    row.add(String.valueOf(primary));
    row.add(comparison.arm());
    row.add(comparison.baseline());
    row.add(String.valueOf(comparison.differences().seeds().size()));
    row.add(number(comparison.meanDifference()));
    if (comparison.inference().isPresent()) {
      Comparison.Inference inference = comparison.inference().get();
      row.add(number(inference.interval().low()));
      row.add(number(inference.interval().high()));
      row.add(number(inference.interval().confidence()));
      row.add(number(inference.pValue()));
      row.add(number(inference.pHolm()));
      row.add(number(inference.pSignFlip()));
      row.add(number(inference.smallestDetectable()));
    } else {
      row.addAll(List.of("", "", "", "", "", "", ""));
    }
    row.add(comparison.verdict().words());
    return row;
  }

  private static String number(double value) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%.6g", value) : "";
  }
}
