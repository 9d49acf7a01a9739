package org.elasticreset.cli.experiment;

import java.awt.Color;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.HeatMapChart;
import org.knowm.xchart.HeatMapChartBuilder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;

/** A heat map as a picture, for papers and slides. */
final class HeatMapImage {
  private static final int DOTS_PER_INCH = 144;

  private HeatMapImage() {}

  /** Writes {@code heatmap-Y-X.svg} and {@code .png}; nothing without a finished run. */
  static void write(HeatMap map, SweptView view, ExperimentDirectory directory) {
    if (map.means().length == 0) {
      return;
    }
    HeatMapChart chart =
        new HeatMapChartBuilder()
            .width(760)
            .height(520)
            .title("best " + view.reward().name() + " within " + view.drift().amount(view.level()))
            .xAxisTitle(map.x())
            .yAxisTitle(map.y())
            .build();
    List<Number[]> squares = new ArrayList<>();
    for (int line = 0; line < map.rows().size(); line++) {
      for (int column = 0; column < map.columns().size(); column++) {
        int atLine = line;
        int atColumn = column;
        map.rows()
            .get(line)
            .get(column)
            .response()
            .ifPresent(response -> squares.add(new Number[] {atColumn, atLine, response.mean()}));
      }
    }
    chart.addSeries("response", map.columns(), map.labels(), squares);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setRangeColors(new Color[] {new Color(0xf3efe4), new Color(0x0f766e)});
    chart.getStyler().setLegendVisible(false);
    chart.getStyler().setShowValue(true);
    chart.getStyler().setHeatMapValueDecimalPattern("0.000");
    chart.getStyler().setPlotContentSize(1);
    try {
      String file = directory.output("heatmap-" + map.key()).toString();
      VectorGraphicsEncoder.saveVectorGraphic(chart, file, VectorGraphicsFormat.SVG);
      BitmapEncoder.saveBitmapWithDPI(chart, file, BitmapFormat.PNG, DOTS_PER_INCH);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
