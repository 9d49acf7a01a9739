package org.elasticreset.cli.experiment;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.elasticreset.cli.ChartScale.Spacing;
import org.elasticreset.evidence.Arm;
import org.elasticreset.evidence.MeanPath;

/** The figures of a comparison as charts that need no script, and as data for one that does. */
final class ComparisonCharts {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ComparedArms compared;

  ComparisonCharts(ComparedArms compared) {
    this.compared = compared;
  }

  /** Reward over drift. */
  String front(ComparedView view) {
    List<ArmChart.Line> lines = new ArrayList<>();
    for (MeanPath path : view.paths()) {
      lines.add(
          new ArmChart.Line(
              path.arm(),
              colour(path.arm()),
              path.points().stream().map(point -> onFront(point, view)).toList()));
    }
    double mark = view.primary().map(at -> at.level().drift()).orElse(Double.NaN);
    String alternative =
        "%s over %s, a line an arm; the tables below have the figures"
            .formatted(view.reward().name(), view.drift().name());
    ArmChart.Frame frame =
        new ArmChart.Frame(
            view.drift().axis(), view.reward().axis(), alternative, mark, view.drift().spacing());
    return ArmChart.svg(lines, frame, 760, 420);
  }

  private static ArmChart.Dot onFront(MeanPath.Point point, ComparedView view) {
    String words =
        "step %d, %s %s, %s %s"
            .formatted(
                point.step(),
                view.reward().name(),
                Spread.withError(point.reward(), point.rewardError(), view.reward().decimals()),
                view.drift().name(),
                Spread.withError(point.drift(), point.driftError(), view.drift().decimals()));
    return new ArmChart.Dot(
        point.drift(), point.driftError(), point.reward(), point.rewardError(), words);
  }

  /** A figure over steps; empty if no finished run has it. */
  String curve(Measure figure) {
    List<ArmChart.Line> lines = new ArrayList<>();
    for (Arm arm : overSteps(figure)) {
      lines.add(
          new ArmChart.Line(
              arm.name(),
              colour(arm.name()),
              MeanPath.of(arm).points().stream().map(point -> onCurve(point, figure)).toList()));
    }
    ArmChart.Frame frame =
        new ArmChart.Frame(
            "training step",
            figure.axis(),
            figure.axis() + " over steps",
            Double.NaN,
            Spacing.EVEN);
    return ArmChart.svg(lines, frame, 520, 300);
  }

  private static ArmChart.Dot onCurve(MeanPath.Point point, Measure figure) {
    String words =
        "step %d, %s"
            .formatted(
                point.step(),
                Spread.withError(point.reward(), point.rewardError(), figure.decimals()));
    return new ArmChart.Dot(point.step(), Double.NaN, point.reward(), point.rewardError(), words);
  }

  List<Arm> overSteps(Measure figure) {
    return compared.names().stream()
        .flatMap(name -> ArmFigures.overSteps(name, compared.runs(), figure).stream())
        .toList();
  }

  /** Means and errors over steps of every figure, safe inside a script element. */
  String data() {
    ObjectNode data = JSON.createObjectNode();
    for (Measure figure : Measure.SHOWN) {
      ObjectNode ofFigure = data.putObject(figure.key());
      ofFigure.put("decimals", figure.decimals());
      ArrayNode arms = ofFigure.putArray("arms");
      for (Arm arm : overSteps(figure)) {
        ObjectNode line = arms.addObject();
        line.put("name", arm.name());
        line.put("colour", colour(arm.name()));
        ArrayNode steps = line.putArray("step");
        ArrayNode means = line.putArray("mean");
        ArrayNode errors = line.putArray("error");
        for (MeanPath.Point point : MeanPath.of(arm).points()) {
          steps.add(point.step());
          means.add(point.reward());
          errors.add(Double.isFinite(point.rewardError()) ? point.rewardError() : 0);
        }
      }
    }
    try {
      return JSON.writeValueAsString(data)
          .replace("<", "\\u003c")
          .replace(">", "\\u003e")
          .replace("&", "\\u0026");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The mean path of each arm as rows: arm, step, drift and reward. */
  List<Map<String, Object>> pathRows(ComparedView view) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (MeanPath path : view.paths()) {
      for (MeanPath.Point point : path.points()) {
        rows.add(
            Map.of(
                "arm", path.arm(),
                "step", point.step(),
                "drift",
                    Spread.withError(point.drift(), point.driftError(), view.drift().decimals()),
                "reward",
                    Spread.withError(
                        point.reward(), point.rewardError(), view.reward().decimals())));
      }
    }
    return rows;
  }

  int colour(String arm) {
    return Math.max(0, compared.names().indexOf(arm)) % ArmColours.COUNT;
  }
}
