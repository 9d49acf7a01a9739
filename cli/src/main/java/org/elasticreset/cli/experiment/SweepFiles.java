package org.elasticreset.cli.experiment;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.elasticreset.cli.experiment.SweptView.Response;
import org.elasticreset.evidence.MainEffect;

/** Writes what the runs of a sweep say together: a page, tables and heat maps. */
final class SweepFiles implements ExperimentSession.Results {
  private final Experiment experiment;
  private final SweepPlan plan;
  private final String again;

  SweepFiles(Experiment experiment, SweepPlan plan, String again) {
    this.experiment = experiment;
    this.plan = plan;
    this.again = again;
  }

  @Override
  public List<String> write() {
    ExperimentDirectory directory = experiment.directory();
    List<MeasuredRun> runs = experiment.runs().stream().map(MeasuredRun::read).toList();
    Map<String, Double> shares = shares();
    List<SweptView> views = views(runs, shares);
    EvaluationsCsv.of(runs).write(directory.output("evaluations.csv"));
    responses(views, shares).write(directory.output("sweep.csv"));
    effects(views).write(directory.output("main-effects.csv"));
    for (HeatMap map : HeatMap.of(views.get(0), shares)) {
      HeatMapImage.write(map, views.get(0), directory);
    }
    Page.write(
        directory.output("sweep.html"),
        "sweep",
        new SweepPage(experiment, plan, runs, views, shares, again).data());
    List<String> closing = new ArrayList<>();
    closing.add("what is compared: " + new SweepWords(views.get(0)).response());
    closing.addAll(new SweepWords(views.get(0)).guidance());
    closing.add("sweep: " + directory.output("sweep.html"));
    return closing;
  }

  private Map<String, Double> shares() {
    Map<String, Double> shares = new HashMap<>();
    for (PlannedArm cell : experiment.arms()) {
      cell.runs().get(0).initialShareAtReset().ifPresent(share -> shares.put(cell.name(), share));
    }
    return shares;
  }

  private List<SweptView> views(List<MeasuredRun> runs, Map<String, Double> shares) {
    List<SweptView> views = new ArrayList<>();
    for (Measure reward : Measure.REWARDS) {
      for (Measure drift : Measure.DRIFTS) {
        SweptView view =
            SweptView.of(
                plan, shares, runs, reward, drift, experiment.verdictAt().get(drift.key()));
        if (views.isEmpty() || !view.responses().isEmpty()) {
          views.add(view);
        }
      }
    }
    return views;
  }

  private CsvTable responses(List<SweptView> views, Map<String, Double> shares) {
    List<String> header = new ArrayList<>(List.of("cell", "seed"));
    plan.axes().forEach(axis -> header.add(axis.setting()));
    header.addAll(
        List.of(
            "initial_share",
            "reward",
            "drift",
            "level",
            "reward_at_drift",
            "reach",
            "last_reward",
            "last_drift"));
    List<List<String>> rows = new ArrayList<>();
    for (SweptView view : views) {
      for (Response run : view.responses()) {
        List<String> row = new ArrayList<>(List.of(run.cell().name(), String.valueOf(run.seed())));
        row.addAll(run.cell().values().values());
        row.add(number(shares.getOrDefault(run.cell().name(), Double.NaN)));
        row.add(view.reward().field());
        row.add(view.drift().field());
        row.add(number(view.level()));
        row.add(number(run.reward()));
        row.add(number(run.reach()));
        row.add(number(run.lastReward()));
        row.add(number(run.lastDrift()));
        rows.add(row);
      }
    }
    return new CsvTable(header, rows);
  }

  private static CsvTable effects(List<SweptView> views) {
    List<List<String>> rows = new ArrayList<>();
    for (SweptView view : views) {
      List<MainEffect> effects = new ArrayList<>(view.effects());
      view.shareEffect().ifPresent(effects::add);
      for (MainEffect effect : effects) {
        for (MainEffect.Level level : effect.levels()) {
          rows.add(
              List.of(
                  view.reward().field(),
                  view.drift().field(),
                  number(view.level()),
                  effect.setting(),
                  number(effect.share()),
                  number(effect.shareInterval().low()),
                  number(effect.shareInterval().high()),
                  number(effect.pValue()),
                  effect.influence().name().toLowerCase(Locale.ROOT),
                  number(level.low()),
                  number(level.high()),
                  String.valueOf(level.runs()),
                  number(level.mean()),
                  number(level.standardError())));
        }
      }
    }
    return new CsvTable(
        List.of(
            "reward",
            "drift",
            "level",
            "setting",
            "share_of_variance",
            "share_low",
            "share_high",
            "p",
            "influence",
            "value_low",
            "value_high",
            "runs",
            "mean",
            "standard_error"),
        rows);
  }

  private static String number(double value) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%.6g", value) : "";
  }
}
