package org.elasticreset.cli.experiment;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.elasticreset.cli.Installation;

/** What {@code comparison.html} shows. */
final class ComparisonPage {
  private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/dist/";

  private final ComparedArms compared;
  private final List<ComparedView> views;
  private final ComparisonCharts charts;
  private final String again;

  ComparisonPage(ComparedArms compared, List<ComparedView> views, String again) {
    this.compared = compared;
    this.views = views;
    this.charts = new ComparisonCharts(compared);
    this.again = again;
  }

  Map<String, Object> data() {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("page", page());
    data.put("headline", Headline.of(compared, views));
    data.put("warnings", warnings());
    Choices choices =
        new Choices(
            views.stream().map(ComparedView::reward).distinct().toList(),
            views.stream().map(ComparedView::drift).distinct().toList());
    data.put("rewards", Choices.rows(choices.rewards()));
    data.put("drifts", Choices.rows(choices.drifts()));
    data.put("viewCss", choices.css());
    data.put("views", views.stream().map(view -> new ViewTables(view, charts).data()).toList());
    List<Measure> measured = Measure.SHOWN.stream().filter(compared::isMeasured).toList();
    data.put("endColumns", measured.stream().map(Measure::name).toList());
    data.put("ends", ends(measured));
    data.put("curves", curves(measured));
    data.put("arms", compared.experiment().arms().stream().map(this::arm).toList());
    data.put("seeds", compared.experiment().seeds());
    data.put("data", charts.data());
    data.put("script", Installation.resource("/experiment/comparison.js"));
    data.put("uplotCss", Installation.resource(UPLOT + "uPlot.min.css"));
    data.put("uplotJs", Installation.resource(UPLOT + "uPlot.iife.min.js"));
    return data;
  }

  private Map<String, Object> page() {
    Experiment experiment = compared.experiment();
    boolean complete = compared.isComplete();
    return Map.of(
        "name", String.valueOf(experiment.directory().path().getFileName()),
        "baseline", compared.baseline(),
        "outcome", complete ? "finished" : "partial",
        "state",
            complete
                ? "finished"
                : "%d of %d runs".formatted(compared.finished(), experiment.runCount()),
        "facts",
            List.of(
                experiment.arms().size() + " arms",
                experiment.seeds().size() + " seeds: " + seeds(),
                "baseline " + compared.baseline()),
        "footer",
            "Elastic Reset %s. comparison.csv has every evaluation of every run, differences.csv every difference of this page."
                .formatted(Installation.version()));
  }

  private String seeds() {
    return String.join(", ", compared.experiment().seeds().stream().map(String::valueOf).toList());
  }

  private List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    if (!compared.isComplete()) {
      warnings.add(
          "Not finished: %d of %d runs have. Only those count here, and every figure may change. %s goes on."
              .formatted(compared.finished(), compared.runs().size(), again));
    }
    for (MeasuredRun run : compared.failed()) {
      String first = run.message().lines().findFirst().orElse("");
      warnings.add("%s-%d failed and is left out: %s".formatted(run.arm(), run.seed(), first));
    }
    return warnings;
  }

  private List<Map<String, Object>> ends(List<Measure> measured) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (String arm : compared.names()) {
      if (!compared.lastOf(arm).isEmpty()) {
        List<String> cells =
            measured.stream()
                .map(
                    measure ->
                        compared
                            .atEnd(arm, measure)
                            .map(spread -> spread.shown(measure.decimals()))
                            .orElse("–"))
                .toList();
        rows.add(Map.of("arm", arm, "colour", charts.colour(arm), "cells", cells));
      }
    }
    return rows;
  }

  private List<Map<String, Object>> curves(List<Measure> measured) {
    List<Map<String, Object>> curves = new ArrayList<>();
    for (Measure measure : measured) {
      String svg = charts.curve(measure);
      if (!svg.isEmpty()) {
        curves.add(Map.of("key", measure.key(), "title", measure.axis(), "svg", svg));
      }
    }
    return curves;
  }

  private Map<String, Object> arm(PlannedArm arm) {
    List<MeasuredRun> runs =
        compared.runs().stream().filter(run -> run.arm().equals(arm.name())).toList();
    List<MeasuredRun> finished = compared.finishedOf(arm.name());
    PlannedArm baseline = compared.experiment().arm(compared.baseline());
    return Map.of(
        "name",
        arm.name(),
        "colour",
        charts.colour(arm.name()),
        "differences",
        arm.name().equals(baseline.name()) ? "the baseline" : arm.differencesInWords(baseline),
        "resets",
        finished.isEmpty()
            ? "–"
            : mean(finished.stream().mapToDouble(MeasuredRun::resets).toArray()),
        "minutes",
        finished.isEmpty()
            ? "–"
            : mean(finished.stream().mapToDouble(run -> run.wallSeconds() / 60).toArray()),
        "runs",
        runs.stream().map(ComparisonPage::run).toList());
  }

  private static Map<String, Object> run(MeasuredRun run) {
    boolean begun = !run.outcome().equals(MeasuredRun.ABSENT);
    String link = "runs/%s-%d/report.html".formatted(run.arm(), run.seed());
    return Map.of(
        "outcome", begun ? run.outcome() : "not begun", "link", run.hasFinished() ? link : "");
  }

  private static String mean(double[] values) {
    double mean = java.util.Arrays.stream(values).average().orElse(0);
    return String.format(Locale.ROOT, mean == Math.rint(mean) ? "%.0f" : "%.1f", mean);
  }
}
