package org.elasticreset.cli.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.elasticreset.cli.ChartScale;
import org.elasticreset.cli.ChartScale.Spacing;
import org.elasticreset.cli.Figures;

/**
 * Lines of arms as SVG, which needs no script: means with a bar of one standard error each way,
 * joined in the order of steps. Colours are classes of the page's style sheet.
 */
final class ArmChart {
  private static final int LEFT = 62;
  private static final int RIGHT = 26;
  private static final int TOP = 30;
  private static final int BOTTOM = 50;

  /** Pixels of a letter, about, and of a line of text. */
  private static final double NAME_WIDTH = 7.4;

  private static final int NAME_HEIGHT = 15;

  /** One arm; {@code colour} is its place among all arms. */
  record Line(String arm, int colour, List<Dot> dots) {
    Line {
      dots = List.copyOf(dots);
    }
  }

  /** Errors that are not known are NaN; {@code words} is what a pointer is told. */
  record Dot(double x, double xError, double y, double yError, String words) {}

  /** What a chart shows beside its lines; {@code mark} is an x of note, NaN for none. */
  record Frame(String xAxis, String yAxis, String alternative, double mark, Spacing spacing) {}

  private final List<Line> lines;
  private final Frame frame;
  private final int width;
  private final int height;
  private final ChartScale x;
  private final ChartScale y;
  private final StringBuilder svg = new StringBuilder();

  private ArmChart(List<Line> lines, Frame frame, int width, int height) {
    this.lines = lines;
    this.frame = frame;
    this.width = width;
    this.height = height;
    List<Dot> dots = lines.stream().flatMap(line -> line.dots().stream()).toList();
    double[] xs = dots.stream().mapToDouble(Dot::x).toArray();
    x =
        frame.spacing() == Spacing.EVEN
            ? ChartScale.of(xs, LEFT, width - RIGHT, true)
            : ChartScale.spaced(frame.spacing(), xs, LEFT, width - RIGHT);
    double[] ys =
        dots.stream().flatMapToDouble(dot -> DoubleStream.of(low(dot), high(dot))).toArray();
    y = ChartScale.of(ys, height - BOTTOM, TOP, false);
  }

  /** The chart; empty if no line has a dot. */
  static String svg(List<Line> lines, Frame frame, int width, int height) {
    boolean isEmpty = lines.stream().allMatch(line -> line.dots().isEmpty());
    return isEmpty ? "" : new ArmChart(lines, frame, width, height).draw();
  }

  private static double low(Dot dot) {
    return dot.y() - known(dot.yError());
  }

  private static double high(Dot dot) {
    return dot.y() + known(dot.yError());
  }

  private static double known(double error) {
    return Double.isFinite(error) ? error : 0;
  }

  private String draw() {
    add(
        "<svg class=\"armchart\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">",
        width, height, escape(frame.alternative()));
    drawAxes();
    lines.forEach(this::drawLine);
    drawNames();
    return svg.append("</svg>").toString();
  }

  private void drawAxes() {
    for (double tick : x.ticks()) {
      String at = place(x.at(tick));
      add("<path class=\"axis\" d=\"M%s %d V%d\"/>", at, TOP, height - BOTTOM);
      add(
          "<text x=\"%s\" y=\"%d\" text-anchor=\"middle\">%s</text>",
          at, height - BOTTOM + 18, x.label(tick));
    }
    for (double tick : y.ticks()) {
      String at = place(y.at(tick));
      add("<path class=\"axis\" d=\"M%d %s H%d\"/>", LEFT, at, width - RIGHT);
      add(
          "<text x=\"%d\" y=\"%s\" text-anchor=\"end\" dy=\"4\">%s</text>",
          LEFT - 9, at, y.label(tick));
    }
    if (Double.isFinite(frame.mark())) {
      String at = place(x.at(frame.mark()));
      add("<path class=\"mark\" d=\"M%s %d V%d\"/>", at, TOP, height - BOTTOM);
    }
    add(
        "<text class=\"name\" x=\"%d\" y=\"%d\" text-anchor=\"end\">%s →</text>",
        width - RIGHT, height - 8, escape(frame.xAxis()));
    add("<text class=\"name\" x=\"%d\" y=\"18\">↑ %s</text>", 10, escape(frame.yAxis()));
  }

  private void drawLine(Line line) {
    add("<g class=\"arm arm-%d\" data-arm=\"%s\">", line.colour(), escape(line.arm()));
    String path =
        line.dots().stream()
            .map(dot -> place(x.at(dot.x())) + " " + place(y.at(dot.y())))
            .collect(Collectors.joining(" L"));
    add("<path class=\"line\" d=\"M%s\"/>", path);
    for (Dot dot : line.dots()) {
      if (Double.isFinite(dot.yError())) {
        add(
            "<path class=\"error\" d=\"M%s %s V%s\"/>",
            place(x.at(dot.x())), place(y.at(low(dot))), place(y.at(high(dot))));
      }
      if (Double.isFinite(dot.xError())) {
        add(
            "<path class=\"error\" d=\"M%s %s H%s\"/>",
            place(x.at(Math.max(x.low(), dot.x() - dot.xError()))),
            place(y.at(dot.y())),
            place(Math.min(width - RIGHT, x.at(dot.x() + dot.xError()))));
      }
    }
    for (Dot dot : line.dots()) {
      drawDot(line, dot, dot.equals(line.dots().get(line.dots().size() - 1)));
    }
    svg.append("</g>");
  }

  private void drawDot(Line line, Dot dot, boolean isLast) {
    add(
        "<g class=\"%s\" transform=\"translate(%s %s)\"><path d=\"%s\"/><title>%s: %s</title></g>",
        isLast ? "dot last" : "dot",
        place(x.at(dot.x())),
        place(y.at(dot.y())),
        shape(line.colour(), isLast ? 5.5 : 3.6),
        escape(line.arm()),
        escape(dot.words()));
  }

  /** Colour is not all that tells arms apart. */
  private static String shape(int arm, double r) {
    String radius = place(r);
    return switch (arm % 4) {
      case 0 ->
          String.format(
              Locale.ROOT,
              "M-%1$s 0 a%1$s %1$s 0 1 0 %2$s 0 a%1$s %1$s 0 1 0 -%2$s 0",
              radius,
              place(2 * r));
      case 1 -> String.format(Locale.ROOT, "M-%1$s -%1$s H%1$s V%1$s H-%1$s Z", place(0.88 * r));
      case 2 -> String.format(Locale.ROOT, "M0 -%1$s L%1$s 0 L0 %1$s L-%1$s 0 Z", place(1.25 * r));
      default ->
          String.format(
              Locale.ROOT, "M0 -%1$s L%1$s %2$s L-%1$s %2$s Z", place(1.15 * r), place(0.9 * r));
    };
  }

  /** Names at the ends of the lines, moved up or down until they cover no other. */
  private void drawNames() {
    List<Name> drawn = new ArrayList<>();
    for (Line line : lines) {
      if (line.dots().isEmpty()) {
        continue;
      }
      Name name = free(name(line), drawn);
      drawn.add(name);
      add(
          "<text class=\"label arm-%d\" data-arm=\"%s\" x=\"%s\" y=\"%s\""
              + " text-anchor=\"%s\">%s</text>",
          line.colour(),
          escape(line.arm()),
          place(name.isAtRight() ? name.right() : name.left()),
          place(name.y()),
          name.isAtRight() ? "end" : "start",
          escape(line.arm()));
    }
  }

  /** A name's place: its base line, and where it begins and ends. */
  private record Name(double left, double right, double y, boolean isAtRight) {
    boolean covers(Name other) {
      return left < other.right && other.left < right && Math.abs(y - other.y) < NAME_HEIGHT;
    }

    Name moved(double by) {
      return new Name(left, right, y + by, isAtRight);
    }
  }

  private Name name(Line line) {
    Dot last = line.dots().get(line.dots().size() - 1);
    double width = NAME_WIDTH * line.arm().length();
    boolean isAtRight = x.at(last.x()) + width > this.width - RIGHT;
    double at = x.at(last.x()) + (isAtRight ? -9 - width : 9);
    return new Name(at, at + width, y.at(last.y()) - 10, isAtRight);
  }

  private Name free(Name wanted, List<Name> drawn) {
    for (int step = 0; step <= 2 * lines.size(); step++) {
      for (int side : new int[] {-1, 1}) {
        Name tried = wanted.moved(side * step * NAME_HEIGHT);
        boolean isInside = TOP - 6 <= tried.y() && tried.y() <= height - BOTTOM - 6;
        if (isInside && drawn.stream().noneMatch(tried::covers)) {
          return tried;
        }
      }
    }
    return wanted;
  }

  private void add(String pattern, Object... values) {
    svg.append(String.format(Locale.ROOT, pattern, values));
  }

  private static String place(double pixels) {
    return Figures.of(pixels, 1);
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }
}
