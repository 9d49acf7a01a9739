package org.elasticreset.cli.experiment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.elasticreset.cli.Figures;
import org.elasticreset.cli.experiment.ComparedView.AtLevel;
import org.elasticreset.evidence.Comparison;
import org.elasticreset.evidence.FrontBand;
import org.elasticreset.evidence.Verdict;
import org.jspecify.annotations.Nullable;

/** The chart, sentences and tables of one reward and one drift. */
final class ViewTables {
  private static final String NONE = "–";

  private final ComparedView view;
  private final ComparisonCharts charts;

  ViewTables(ComparedView view, ComparisonCharts charts) {
    this.view = view;
    this.charts = charts;
  }

  Map<String, Object> data() {
    ComparisonWords words = new ComparisonWords(view);
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("key", view.key());
    data.put("reward", view.reward().name());
    data.put("drift", view.drift().name());
    data.put("chart", charts.front(view));
    data.put("level", words.level());
    data.put("verdicts", view.primary().isEmpty() ? List.of() : words.verdicts());
    data.put("path", charts.pathRows(view));
    data.put("rows", view.primary().map(this::rows).orElse(List.of()));
    data.put(
        "amount", view.primary().map(at -> view.drift().amount(at.level().drift())).orElse(""));
    data.put("levels", view.levels().stream().map(this::level).toList());
    data.put("levelRows", view.levels().isEmpty() ? List.of() : levelRows());
    data.put("levelNotes", levelNotes(words));
    data.put("areaRows", view.area().map(this::areaRows).orElse(List.of()));
    data.put(
        "range",
        view.area()
            .map(area -> "from " + drift(area.range().from()) + " to " + drift(area.range().upTo()))
            .orElse(""));
    return data;
  }

  private List<Map<String, Object>> rows(AtLevel at) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (String arm : view.arms().stream().map(each -> each.name()).toList()) {
      FrontBand.@Nullable Height height = at.heights().get(arm);
      Map<String, Object> row = row(arm, comparison(at.comparisons(), arm));
      row.put(
          "mean",
          height == null
              ? NONE
              : Spread.withError(height.mean(), height.standardError(), view.reward().decimals()));
      rows.add(row);
    }
    return rows;
  }

  private List<Map<String, Object>> areaRows(ComparedView.UnderFront area) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (String arm : view.arms().stream().map(each -> each.name()).toList()) {
      Map<String, Object> row = row(arm, comparison(area.comparisons(), arm));
      Double mean = area.means().get(arm);
      row.put("mean", mean == null ? NONE : Figures.of(mean, view.reward().decimals()));
      rows.add(row);
    }
    return rows;
  }

  private static Optional<Comparison> comparison(List<Comparison> comparisons, String arm) {
    return comparisons.stream().filter(each -> each.arm().equals(arm)).findFirst();
  }

  private Map<String, Object> row(String arm, Optional<Comparison> comparison) {
    int decimals = view.reward().decimals();
    Optional<Comparison.Inference> inference = comparison.flatMap(Comparison::inference);
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("arm", arm);
    row.put("colour", charts.colour(arm));
    row.put(
        "difference",
        comparison.map(each -> SignedFigures.of(each.meanDifference(), decimals)).orElse(NONE));
    row.put(
        "interval",
        inference.map(each -> SignedFigures.of(each.interval(), decimals)).orElse(NONE));
    row.put("p", inference.map(each -> SignedFigures.probability(each.pHolm())).orElse(NONE));
    row.put(
        "seeds",
        comparison
            .map(each -> String.valueOf(each.differences().seeds().size()))
            .orElse(seedsOf(arm)));
    row.put("verdict", comparison.map(each -> each.verdict().words()).orElse("the baseline"));
    return row;
  }

  private String seedsOf(String arm) {
    return view.arms().stream()
        .filter(each -> each.name().equals(arm))
        .map(each -> String.valueOf(each.curves().size()))
        .findFirst()
        .orElse(NONE);
  }

  private Map<String, Object> level(AtLevel at) {
    return Map.of("drift", drift(at.level().drift()), "primary", at.level().primary());
  }

  private List<Map<String, Object>> levelRows() {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (String arm : view.arms().stream().map(each -> each.name()).toList()) {
      if (arm.equals(view.baseline())) {
        continue;
      }
      List<Map<String, Object>> cells = new ArrayList<>();
      for (AtLevel at : view.levels()) {
        cells.add(cell(comparison(at.comparisons(), arm)));
      }
      rows.add(Map.of("arm", arm, "colour", charts.colour(arm), "cells", cells));
    }
    return rows;
  }

  private Map<String, Object> cell(Optional<Comparison> comparison) {
    int decimals = view.reward().decimals();
    String text =
        comparison
            .map(
                each ->
                    SignedFigures.of(each.meanDifference(), decimals)
                        + each.inference()
                            .map(inf -> " (" + SignedFigures.of(inf.interval(), decimals) + ")")
                            .orElse(""))
            .orElse(NONE);
    boolean shown =
        comparison
            .map(each -> each.verdict() == Verdict.BETTER || each.verdict() == Verdict.WORSE)
            .orElse(false);
    return Map.of("text", text, "shown", shown);
  }

  private List<String> levelNotes(ComparisonWords words) {
    List<String> notes = new ArrayList<>();
    for (AtLevel at : view.levels()) {
      String beyond = words.beyond(at);
      if (!beyond.isEmpty()) {
        notes.add("At " + drift(at.level().drift()) + ": " + beyond + ".");
      }
    }
    return notes;
  }

  private String drift(double value) {
    return Figures.of(value, Math.abs(value) >= 100 ? 0 : view.drift().decimals());
  }
}
