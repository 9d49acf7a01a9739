package org.elasticreset.cli.experiment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.elasticreset.cli.Figures;
import org.elasticreset.cli.Installation;
import org.elasticreset.evidence.Comparison;
import org.elasticreset.evidence.MainEffect;

/** What {@code sweep.html} shows. */
final class SweepPage {
  private static final String NONE = "–";

  private final Experiment experiment;
  private final SweepPlan plan;
  private final List<MeasuredRun> runs;
  private final List<SweptView> views;
  private final Map<String, Double> shares;
  private final String again;

  SweepPage(
      Experiment experiment,
      SweepPlan plan,
      List<MeasuredRun> runs,
      List<SweptView> views,
      Map<String, Double> shares,
      String again) {
    this.experiment = experiment;
    this.plan = plan;
    this.runs = runs;
    this.views = views;
    this.shares = shares;
    this.again = again;
  }

  Map<String, Object> data() {
    Map<String, Object> data = new LinkedHashMap<>();
    long finished = runs.stream().filter(MeasuredRun::hasFinished).count();
    boolean complete = finished == runs.size();
    data.put(
        "page",
        Map.of(
            "name", String.valueOf(experiment.directory().path().getFileName()),
            "outcome", complete ? "finished" : "partial",
            "state", complete ? "finished" : finished + " of " + runs.size() + " runs",
            "facts",
                List.of(
                    plan.cells().size()
                        + " combinations"
                        + (plan.isGrid() ? ", a grid" : ", a low-discrepancy sample"),
                    experiment.seeds().size() + " seeds",
                    plan.axes().stream().map(SweepAxis::setting).collect(Collectors.joining(", "))),
            "footer",
                "Elastic Reset %s. sweep.csv has the response of every run, main-effects.csv what the settings explain, evaluations.csv every evaluation."
                    .formatted(Installation.version())));
    data.put("warnings", warnings(finished));
    Choices choices =
        new Choices(
            views.stream().map(SweptView::reward).distinct().toList(),
            views.stream().map(SweptView::drift).distinct().toList());
    data.put("rewards", Choices.rows(choices.rewards()));
    data.put("drifts", Choices.rows(choices.drifts()));
    data.put("viewCss", choices.css());
    data.put("views", views.stream().map(this::view).toList());
    return data;
  }

  private List<String> warnings(long finished) {
    List<String> warnings = new ArrayList<>();
    if (finished < runs.size()) {
      warnings.add(
          "Not finished: %d of %d runs have. Only those count here, and every figure may change. %s goes on."
              .formatted(finished, runs.size(), again));
    }
    for (MeasuredRun run : runs) {
      if (run.outcome().equals("failed")) {
        warnings.add(
            "%s-%d failed and is left out: %s"
                .formatted(run.arm(), run.seed(), run.message().lines().findFirst().orElse("")));
      }
    }
    return warnings;
  }

  private Map<String, Object> view(SweptView view) {
    SweepWords words = new SweepWords(view);
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("key", view.key());
    data.put("response", words.response());
    data.put("guidance", words.guidance());
    data.put("maps", HeatMap.of(view, shares).stream().map(map -> map(map, view)).toList());
    List<MainEffect> effects = new ArrayList<>(view.effects());
    view.shareEffect().ifPresent(effects::add);
    data.put("effects", effects.stream().map(effect -> effect(effect, view)).toList());
    data.put("ranking", view.ranking().stream().map(ranked -> ranked(ranked, view)).toList());
    data.put("settings", plan.axes().stream().map(SweepAxis::setting).toList());
    data.put("reward", view.reward().name());
    return data;
  }

  private static Map<String, Object> map(HeatMap map, SweptView view) {
    double low = Arrays.stream(map.means()).min().orElse(0);
    double high = Arrays.stream(map.means()).max().orElse(1);
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int line = 0; line < map.rows().size(); line++) {
      List<Map<String, Object>> cells = new ArrayList<>();
      for (HeatMap.Square square : map.rows().get(line)) {
        cells.add(square(square, view.reward().decimals(), low, high));
      }
      rows.add(Map.of("label", map.labels().get(line), "cells", cells));
    }
    return Map.of("x", map.x(), "y", map.y(), "columns", map.columns(), "rows", rows);
  }

  private static Map<String, Object> square(
      HeatMap.Square square, int decimals, double low, double high) {
    double mean = square.response().map(Spread::mean).orElse(low);
    double warmth = high > low ? (mean - low) / (high - low) : 0;
    return Map.of(
        "text", square.response().map(each -> Figures.of(each.mean(), decimals)).orElse(NONE),
        "seeds", square.response().map(each -> each.seeds() + " runs").orElse(""),
        "share", share(square),
        "warmth", Figures.of(square.response().isEmpty() ? 0 : 6 + 50 * warmth, 0));
  }

  private static String share(HeatMap.Square square) {
    if (!Double.isFinite(square.lowestShare())) {
      return "";
    }
    String low = Figures.percent(square.lowestShare());
    String high = Figures.percent(square.highestShare());
    return "ηⁿ " + (low.equals(high) ? low : low + " to " + high);
  }

  private static Map<String, Object> effect(MainEffect effect, SweptView view) {
    int decimals = view.reward().decimals();
    String levels =
        effect.levels().stream()
            .map(
                level ->
                    SweepWords.value(effect.setting(), level)
                        + ": "
                        + Spread.withError(level.mean(), level.standardError(), decimals))
            .collect(Collectors.joining("; "));
    return Map.of(
        "setting", effect.setting(),
        "share", SweepWords.percent(effect.share()),
        "interval",
            SweepWords.percent(effect.shareInterval().low())
                + " to "
                + SweepWords.percent(effect.shareInterval().high()),
        "p", SignedFigures.probability(effect.pValue()),
        "range", Figures.of(effect.range(), decimals),
        "influence",
            switch (effect.influence()) {
              case MATTERS -> "matters";
              case FLAT -> "flat";
              case UNCLEAR -> "unclear";
            },
        "levels", levels);
  }

  private Map<String, Object> ranked(SweptView.Ranked ranked, SweptView view) {
    int decimals = view.reward().decimals();
    Double share = shares.get(ranked.cell().name());
    List<SweptView.Response> responses =
        view.responses().stream().filter(run -> run.cell().equals(ranked.cell())).toList();
    return Map.of(
        "settings", List.copyOf(ranked.cell().values().values()),
        "share", share == null ? NONE : Figures.percent(share),
        "mean", Figures.of(ranked.mean(), decimals),
        "seeds", ranked.seeds(),
        "difference",
            ranked
                .besideBest()
                .map(each -> SignedFigures.of(each.meanDifference(), decimals))
                .orElse(NONE),
        "interval",
            ranked
                .besideBest()
                .flatMap(Comparison::inference)
                .map(each -> SignedFigures.of(each.interval(), decimals))
                .orElse(NONE),
        "verdict", ranked.besideBest().map(each -> each.verdict().words()).orElse("the best mean"),
        "end",
            Figures.of(
                    responses.stream()
                        .mapToDouble(SweptView.Response::lastReward)
                        .average()
                        .orElse(Double.NaN),
                    decimals)
                + " at "
                + Figures.of(
                    responses.stream()
                        .mapToDouble(SweptView.Response::lastDrift)
                        .average()
                        .orElse(Double.NaN),
                    1));
  }
}
