package org.elasticreset.cli.experiment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.elasticreset.cli.experiment.SweepPlan.Cell;
import org.elasticreset.cli.experiment.SweptView.Response;

/**
 * Two swept settings and the mean response over all others, in cells.
 *
 * @param x setting to the right
 * @param y setting downwards
 * @param rows by rising y, in each by rising x
 */
record HeatMap(
    String x, String y, List<String> columns, List<String> labels, List<List<Square>> rows) {
  /** More different values than these are put into bins of a range. */
  private static final int MOST_VALUES = 8;

  private static final int BINS = 4;

  /** Mean of the runs in it, how many they are, and the initial shares of their combinations. */
  record Square(Optional<Spread> response, double lowestShare, double highestShare) {}

  /** The map of each pair of settings. */
  static List<HeatMap> of(SweptView view, Map<String, Double> shares) {
    List<String> settings = view.plan().axes().stream().map(SweepAxis::setting).toList();
    List<HeatMap> maps = new ArrayList<>();
    for (int i = 0; i < settings.size(); i++) {
      for (int j = i + 1; j < settings.size(); j++) {
        maps.add(of(view, shares, settings.get(j), settings.get(i)));
      }
    }
    return maps;
  }

  private static HeatMap of(SweptView view, Map<String, Double> shares, String x, String y) {
    Bins columns = Bins.of(view.plan(), x);
    Bins lines = Bins.of(view.plan(), y);
    List<List<Square>> rows = new ArrayList<>();
    for (int line = 0; line < lines.labels().size(); line++) {
      List<Square> row = new ArrayList<>();
      for (int column = 0; column < columns.labels().size(); column++) {
        int atLine = line;
        int atColumn = column;
        row.add(
            square(
                view.responses().stream()
                    .filter(
                        run ->
                            columns.index(run.cell().number(x)) == atColumn
                                && lines.index(run.cell().number(y)) == atLine)
                    .toList(),
                shares));
      }
      rows.add(row);
    }
    return new HeatMap(x, y, columns.labels(), lines.labels(), rows);
  }

  private static Square square(List<Response> runs, Map<String, Double> shares) {
    double[] known =
        runs.stream()
            .map(Response::cell)
            .map(Cell::name)
            .filter(shares::containsKey)
            .mapToDouble(shares::get)
            .toArray();
    return new Square(
        Spread.of(runs.stream().mapToDouble(Response::reward).toArray()),
        Arrays.stream(known).min().orElse(Double.NaN),
        Arrays.stream(known).max().orElse(Double.NaN));
  }

  /**
   * The values of a setting, or ranges of them.
   *
   * @param uppers the largest value in each
   */
  private record Bins(List<Double> uppers, List<String> labels) {
    static Bins of(SweepPlan plan, String setting) {
      List<String> texts =
          plan.cells().stream()
              .map(cell -> String.valueOf(cell.values().get(setting)))
              .distinct()
              .sorted((a, b) -> Double.compare(Double.parseDouble(a), Double.parseDouble(b)))
              .toList();
      if (texts.size() <= MOST_VALUES) {
        return new Bins(texts.stream().map(Double::valueOf).toList(), texts);
      }
      List<Double> uppers = new ArrayList<>();
      List<String> labels = new ArrayList<>();
      for (int bin = 0; bin < BINS; bin++) {
        int first = bin * texts.size() / BINS;
        int last = (bin + 1) * texts.size() / BINS - 1;
        uppers.add(Double.valueOf(texts.get(last)));
        labels.add(texts.get(first) + " to " + texts.get(last));
      }
      return new Bins(uppers, labels);
    }

    int index(double value) {
      int bin = 0;
      while (bin < uppers.size() - 1 && value > uppers.get(bin)) {
        bin++;
      }
      return bin;
    }
  }

  /** All responses, for a scale of colours. */
  double[] means() {
    return rows.stream()
        .flatMap(List::stream)
        .flatMap(square -> square.response().stream())
        .mapToDouble(Spread::mean)
        .toArray();
  }

  /** A name for files: {@code every-decay}. */
  String key() {
    return List.of(y, x).stream()
        .map(setting -> setting.substring(setting.lastIndexOf('.') + 1))
        .collect(Collectors.joining("-"));
  }
}
