package org.elasticreset.cli.experiment;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.elasticreset.evidence.Arm;
import org.elasticreset.evidence.MeanPath;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The front and the curves as pictures, for papers and slides. */
final class ComparisonImages {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 560;
  private static final int DOTS_PER_INCH = 144;

  private static final List<Marker> MARKERS =
      List.of(
          SeriesMarkers.CIRCLE,
          SeriesMarkers.SQUARE,
          SeriesMarkers.DIAMOND,
          SeriesMarkers.TRIANGLE_UP,
          SeriesMarkers.TRIANGLE_DOWN);

  private final List<String> names;

  /**
   * Pictures of arms.
   *
   * @param names of all arms, which colours go by
   */
  ComparisonImages(List<String> names) {
    this.names = names;
  }

  /** Reward over drift, {@code NAME.svg} and {@code NAME.png}; nothing without a finished run. */
  void writeFront(ComparedView view, ExperimentDirectory directory, String name) {
    XYChart chart = chart(view.drift().axis(), view.reward().axis());
    for (MeanPath path : view.paths()) {
      add(
          chart,
          path.arm(),
          path.points().stream().map(MeanPath.Point::drift).toList(),
          path.points());
    }
    save(chart, directory, name);
  }

  /** A figure over steps; nothing without a finished run. */
  void writeCurves(List<Arm> arms, Measure figure, ExperimentDirectory directory, String name) {
    XYChart chart = chart("training step", figure.axis());
    for (Arm arm : arms) {
      List<MeanPath.Point> points = MeanPath.of(arm).points();
      add(chart, arm.name(), points.stream().map(point -> (double) point.step()).toList(), points);
    }
    save(chart, directory, name);
  }

  private void add(XYChart chart, String arm, List<Double> xs, List<MeanPath.Point> points) {
    if (points.isEmpty()) {
      return;
    }
    List<Double> ys = new ArrayList<>();
    List<Double> errors = new ArrayList<>();
    for (MeanPath.Point point : points) {
      ys.add(point.reward());
      errors.add(Double.isFinite(point.rewardError()) ? point.rewardError() : 0.0);
    }
    int index = Math.max(0, names.indexOf(arm));
    XYSeries series = chart.addSeries(arm, xs, ys, errors);
    series.setLineColor(ArmColours.of(index));
    series.setMarkerColor(ArmColours.of(index));
    series.setMarker(MARKERS.get(index % MARKERS.size()));
    series.setLineStyle(new BasicStroke(2f));
  }

  private static XYChart chart(String x, String y) {
    XYChart chart =
        new XYChartBuilder().width(WIDTH).height(HEIGHT).xAxisTitle(x).yAxisTitle(y).build();
    chart.getStyler().setLegendPosition(LegendPosition.OutsideS);
    chart.getStyler().setLegendLayout(org.knowm.xchart.style.Styler.LegendLayout.Horizontal);
    chart.getStyler().setLegendBorderColor(Color.WHITE);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setPlotBorderVisible(false);
    chart.getStyler().setPlotGridLinesColor(new Color(0xe4e2dc));
    chart.getStyler().setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
    chart.getStyler().setMarkerSize(7);
    chart.getStyler().setErrorBarsColorSeriesColor(true);
    return chart;
  }

  private static void save(XYChart chart, ExperimentDirectory directory, String name) {
    if (chart.getSeriesMap().isEmpty()) {
      return;
    }
    try {
      Path file = directory.output(name);
      VectorGraphicsEncoder.saveVectorGraphic(chart, file.toString(), VectorGraphicsFormat.SVG);
      BitmapEncoder.saveBitmapWithDPI(chart, file.toString(), BitmapFormat.PNG, DOTS_PER_INCH);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
