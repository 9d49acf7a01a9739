package org.elasticreset.cli.ab;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.elasticreset.cli.HtmlTemplate;
import org.elasticreset.evidence.AbTest;
import org.elasticreset.evidence.Interval;
import org.elasticreset.evidence.MeanSequence;
import org.elasticreset.evidence.TwoArmEffect;

/** The page of an experiment: one file that needs no network and no script. */
final class AbPage {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 260;
  private static final int MARGIN = 48;

  private final AbRules rules;
  private final Experiment experiment;
  private final NextStep next;

  AbPage(AbRules rules, Experiment experiment, NextStep next) {
    this.rules = rules;
    this.experiment = experiment;
    this.next = next;
  }

  String html() {
    AbTest test = experiment.test();
    String verdict = experiment.verdict().map(AbEvent::verdict).orElse("undecided");
    Map<String, Object> data = new HashMap<>();
    data.put("name", rules.name());
    data.put("verdict", verdict);
    data.put(
        "because",
        experiment.verdict().map(AbEvent::because).orElseGet(() -> test.decision().because()));
    data.put("next", verdict.equals("ship") ? next.words() : "");
    data.put("command", next.command());
    data.put("figures", figures(test));
    data.put("events", experiment.events().stream().map(AbPage::event).toList());
    data.put("ratio", ratio());
    data.put("suspicious", experiment.sampleRatio().isSuspicious());
    data.put("passed", passed());
    data.put("alpha", percent(rules.plan().alpha()));
    data.put("curve", curve());
    return HtmlTemplate.render("/report/ab.html", data);
  }

  private List<Map<String, String>> figures(AbTest test) {
    List<Map<String, String>> rows = new ArrayList<>();
    rows.add(row("metric", test.metric(), rules.lowerIsBetter()));
    rows.add(row("reward", test.reward(), false));
    if (test.driftOfB().count() > 0) {
      rows.add(
          Map.of(
              "figure",
              "drift, nats a response",
              "a",
              mean(test.driftOfA()),
              "b",
              mean(test.driftOfB()),
              "change",
              number(test.driftOfB().estimate() - test.driftOfA().estimate()),
              "interval",
              "see the means",
              "units",
              test.driftOfA().count() + " + " + test.driftOfB().count()));
    }
    return rows;
  }

  private static Map<String, String> row(String figure, TwoArmEffect effect, boolean mirrored) {
    double sign = mirrored ? -1 : 1;
    Interval interval = effect.interval();
    double low = mirrored ? -interval.high() : interval.low();
    double high = mirrored ? -interval.low() : interval.high();
    return Map.of(
        "figure",
        figure,
        "a",
        number(sign * effect.a().mean()),
        "b",
        number(sign * effect.b().mean()),
        "change",
        number(sign * effect.estimate()),
        "interval",
        number(low) + " to " + number(high),
        "units",
        effect.a().count() + " + " + effect.b().count());
  }

  private static String mean(MeanSequence mean) {
    return mean.count() == 0
        ? "–"
        : "%s (%s to %s)"
            .formatted(
                number(mean.estimate()),
                number(mean.interval().low()),
                number(mean.interval().high()));
  }

  private static Map<String, String> event(AbEvent event) {
    return Map.of(
        "what", event.endsIt() ? "verdict: " + event.verdict() : "stage " + (event.stage() + 1),
        "share", percent(event.share()),
        "units", String.valueOf(event.units()),
        "because", event.because());
  }

  private String ratio() {
    SampleRatio ratio = experiment.sampleRatio();
    return String.format(
        Locale.ROOT,
        "B got %d of %d prompts, where %.1f were to be expected (%.1f standard deviations off).",
        ratio.inB(),
        experiment.assigned(),
        ratio.expected(),
        ratio.deviations());
  }

  private List<Map<String, String>> passed() {
    return experiment.passed().entrySet().stream()
        .map(entry -> Map.of("why", entry.getKey().word(), "count", entry.getValue().toString()))
        .toList();
  }

  /** The effect with its interval over units; what is wider than the plot is cut. */
  private String curve() {
    List<TrajectoryPoint> points =
        experiment.trajectory().stream().filter(point -> Double.isFinite(point.low())).toList();
    if (points.size() < 2) {
      return "";
    }
    double limit = 1.2 * limit(points);
    long last = points.get(points.size() - 1).units();
    StringBuilder band = new StringBuilder();
    StringBuilder line = new StringBuilder();
    for (TrajectoryPoint point : points) {
      band.append(x(point.units(), last)).append(',').append(y(point.low(), limit)).append(' ');
      line.append(x(point.units(), last)).append(',').append(y(point.estimate(), limit));
      line.append(' ');
    }
    for (int i = points.size() - 1; i >= 0; i--) {
      TrajectoryPoint point = points.get(i);
      band.append(x(point.units(), last)).append(',').append(y(point.high(), limit)).append(' ');
    }
    return String.format(
        Locale.ROOT,
        "<svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"effect over answers\">"
            + "<polygon class=\"band\" points=\"%s\"/><polyline class=\"line\" points=\"%s\"/>"
            + "<line class=\"zero\" x1=\"%d\" x2=\"%d\" y1=\"%s\" y2=\"%s\"/>"
            + "<text x=\"4\" y=\"%s\">0</text><text x=\"4\" y=\"14\">%s</text>"
            + "<text x=\"4\" y=\"%d\">%s</text><text x=\"%d\" y=\"%d\">%d answers</text></svg>",
        WIDTH,
        HEIGHT,
        band,
        line,
        MARGIN,
        WIDTH,
        y(0, limit),
        y(0, limit),
        y(0, limit),
        number(limit),
        HEIGHT - 4,
        number(-limit),
        WIDTH - 110,
        HEIGHT - 4,
        last);
  }

  /** The widest interval of the second half. */
  private static double limit(List<TrajectoryPoint> points) {
    double widest =
        points.subList(points.size() / 2, points.size()).stream()
            .flatMapToDouble(
                point -> DoubleStream.of(Math.abs(point.low()), Math.abs(point.high())))
            .max()
            .orElse(1);
    return widest > 0 ? widest : 1;
  }

  private static String x(long units, long last) {
    return String.format(Locale.ROOT, "%.1f", MARGIN + (double) (WIDTH - MARGIN) * units / last);
  }

  private static String y(double value, double limit) {
    double cut = Math.max(-limit, Math.min(limit, value));
    return String.format(Locale.ROOT, "%.1f", HEIGHT / 2.0 * (1 - cut / limit));
  }

  private static String percent(double share) {
    return AbFiles.percent(share);
  }

  private static String number(double value) {
    return Double.isFinite(value) ? String.format(Locale.ROOT, "%.4g", value) : "–";
  }
}
