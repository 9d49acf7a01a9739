package org.elasticreset.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The reward–drift curve as SVG: KL to the initial policy to the right, reward upwards, one point
 * an evaluation, joined in the order of steps; a dashed line where a reset lies between two of
 * them.
 */
final class DriftCurve {
  private static final int WIDTH = 660;
  private static final int HEIGHT = 360;
  private static final int LEFT = 58;
  private static final int RIGHT = 30;
  private static final int TOP = 34;
  private static final int BOTTOM = 54;

  private record Point(long step, long epoch, double drift, double reward) {}

  private final List<Point> points;
  private final List<Point> trail;
  private final ChartScale x;
  private final ChartScale y;
  private final StringBuilder svg = new StringBuilder();

  private DriftCurve(List<Point> points, List<Point> trail) {
    this.points = points;
    this.trail = trail;
    List<Point> all = Stream.concat(points.stream(), trail.stream()).toList();
    x = ChartScale.of(all.stream().mapToDouble(Point::drift).toArray(), LEFT, WIDTH - RIGHT, true);
    y =
        ChartScale.of(
            all.stream().mapToDouble(Point::reward).toArray(), HEIGHT - BOTTOM, TOP, false);
  }

  /** The curve of a run; empty if it has fewer than two evaluations. */
  static String svg(List<JsonNode> evaluations, List<JsonNode> steps) {
    List<Point> points = points(evaluations);
    return points.size() < 2 ? "" : new DriftCurve(points, points(steps)).draw();
  }

  private static List<Point> points(List<JsonNode> lines) {
    List<Point> points = new ArrayList<>();
    for (JsonNode line : lines) {
      if (line.path("kl_to_initial_nats").isNumber() && line.path("reward_mean").isNumber()) {
        points.add(
            new Point(
                line.path("step").asLong(),
                line.path("reset_epoch").asLong(),
                line.get("kl_to_initial_nats").doubleValue(),
                line.get("reward_mean").doubleValue()));
      }
    }
    return points;
  }

  private String draw() {
    Point first = points.get(0);
    Point last = points.get(points.size() - 1);
    add(
        "<svg class=\"curve\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"Reward against drift:"
            + " from %s at %s nats to %s at %s nats\">",
        WIDTH,
        HEIGHT,
        Figures.of(first.reward, 3),
        Figures.of(first.drift, 2),
        Figures.of(last.reward, 3),
        Figures.of(last.drift, 2));
    drawAxes();
    drawTrail();
    for (int i = 1; i < points.size(); i++) {
      Point from = points.get(i - 1);
      Point to = points.get(i);
      add(
          "<path class=\"%s\" d=\"M%s %s L%s %s\"/>",
          from.epoch == to.epoch ? "path" : "jump",
          place(x.at(from.drift)),
          place(y.at(from.reward)),
          place(x.at(to.drift)),
          place(y.at(to.reward)));
    }
    points.forEach(point -> drawPoint(point, point.equals(last)));
    drawLabels(first, last);
    return svg.append("</svg>").toString();
  }

  private void drawTrail() {
    String path =
        trail.stream()
            .map(point -> place(x.at(point.drift)) + " " + place(y.at(point.reward)))
            .collect(Collectors.joining(" L"));
    if (!path.isEmpty()) {
      add("<path class=\"trail\" d=\"M%s\"/>", path);
    }
  }

  private void drawAxes() {
    for (double tick : x.ticks()) {
      String at = place(x.at(tick));
      add("<path class=\"axis\" d=\"M%s %d V%d\"/>", at, TOP, HEIGHT - BOTTOM);
      add(
          "<text x=\"%s\" y=\"%d\" text-anchor=\"middle\">%s</text>",
          at, HEIGHT - BOTTOM + 19, x.label(tick));
    }
    for (double tick : y.ticks()) {
      String at = place(y.at(tick));
      add("<path class=\"axis\" d=\"M%d %s H%d\"/>", LEFT, at, WIDTH - RIGHT);
      add(
          "<text x=\"%d\" y=\"%s\" text-anchor=\"end\" dy=\"4\">%s</text>",
          LEFT - 10, at, y.label(tick));
    }
    add(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">drift from the initial policy, nats →</text>",
        WIDTH - RIGHT, HEIGHT - 9);
    add("<text x=\"%d\" y=\"20\">↑ reward</text>", LEFT - 34);
  }

  private void drawPoint(Point point, boolean isLast) {
    add(
        "<circle class=\"%s\" cx=\"%s\" cy=\"%s\" r=\"%s\"><title>step %d: reward %s, drift %s"
            + " nats</title></circle>",
        isLast ? "end" : "dot",
        place(x.at(point.drift)),
        place(y.at(point.reward)),
        isLast ? "7" : "4.5",
        point.step,
        Figures.of(point.reward, 3),
        Figures.of(point.drift, 2));
  }

  /** Steps beside the points, the ends of the path first, each only where there is room for it. */
  private void drawLabels(Point first, Point last) {
    List<Point> wanted = new ArrayList<>(List.of(last, first));
    wanted.addAll(points.subList(1, points.size() - 1));
    List<Point> labelled = new ArrayList<>();
    for (Point point : wanted) {
      boolean free =
          labelled.stream()
              .noneMatch(
                  other ->
                      Math.abs(x.at(other.drift) - x.at(point.drift)) < 46
                          && Math.abs(y.at(other.reward) - y.at(point.reward)) < 20);
      if (free) {
        drawLabel(point);
        labelled.add(point);
      }
    }
  }

  private void drawLabel(Point point) {
    boolean nearRight = x.at(point.drift) > WIDTH - 90;
    add(
        "<text class=\"label\" x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>",
        place(x.at(point.drift) + (nearRight ? -10 : 10)),
        place(y.at(point.reward) - 9),
        nearRight ? "end" : "start",
        point.step == 0 ? "start" : String.valueOf(point.step));
  }

  private void add(String pattern, Object... values) {
    svg.append(RunProgress.format(pattern, values));
  }

  private static String place(double pixels) {
    return Figures.of(pixels, 1);
  }
}
