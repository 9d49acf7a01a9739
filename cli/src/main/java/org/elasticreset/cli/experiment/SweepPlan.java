package org.elasticreset.cli.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.random.SobolSequenceGenerator;
import org.elasticreset.cli.InvalidInputException;

/**
 * Which values of the swept settings are tried together: all, or a sample that is spread evenly.
 *
 * @param axes two or more settings, in the order of the file
 * @param cells each a value of every setting
 */
record SweepPlan(List<SweepAxis> axes, boolean isGrid, List<Cell> cells) {
  private static final int MOST_CELLS = 400;

  /**
   * One combination.
   *
   * @param values by dotted name of the setting
   */
  record Cell(Map<String, String> values) {
    Cell {
      values = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** {@code every-6-decay-0.7}: it names runs. */
    String name() {
      List<String> words = new ArrayList<>();
      values.forEach(
          (setting, value) ->
              words.add(setting.substring(setting.lastIndexOf('.') + 1) + "-" + value));
      return String.join("-", words);
    }

    double number(String setting) {
      return Double.parseDouble(String.valueOf(values.get(setting)));
    }

    JsonNode settings() {
      ObjectNode tree = JsonNodeFactory.instance.objectNode();
      values.forEach(
          (setting, value) -> {
            ObjectNode group = tree;
            String[] names = setting.split("\\.");
            for (int i = 0; i < names.length - 1; i++) {
              group = group.withObject("/" + names[i]);
            }
            group.put(names[names.length - 1], value);
          });
      return tree;
    }
  }

  SweepPlan {
    axes = List.copyOf(axes);
    cells = List.copyOf(cells);
  }

  /**
   * Reads the group {@code sweep} of an experiment file.
   *
   * @throws InvalidInputException naming what is wrong with it
   */
  static SweepPlan read(ExperimentFile file) {
    JsonNode tree = file.sweep();
    if (tree == null || !tree.isObject()) {
      throw InvalidInputException.of(
          "sweep", tree == null ? "missing" : tree, "settings and values: reset.every: [6, 12]");
    }
    List<SweepAxis> axes = new ArrayList<>();
    tree.fields()
        .forEachRemaining(
            field -> {
              if (!field.getKey().equals("sample")) {
                axes.add(SweepAxis.read(field.getKey(), field.getValue()));
              }
            });
    if (axes.isEmpty()) {
      throw InvalidInputException.of(
          "sweep", tree, "a setting and its values: ema.decay: [0.7, 0.9]");
    }
    JsonNode sample = tree.path("sample");
    boolean isGrid = sample.isMissingNode() || sample.asText().equals("grid");
    if (!isGrid && !(sample.isObject() && sample.size() == 1 && sample.path("sobol").isInt())) {
      throw InvalidInputException.of("sweep.sample", sample, "grid, or {sobol: N}");
    }
    List<Cell> cells = isGrid ? grid(axes) : sobol(axes, sample.path("sobol").asInt());
    if (cells.size() < 4 || cells.size() > MOST_CELLS) {
      throw InvalidInputException.of("sweep", cells.size() + " combinations", "4 to " + MOST_CELLS);
    }
    return new SweepPlan(axes, isGrid, cells);
  }

  /** Settings of each cell, by its name. */
  Map<String, JsonNode> arms() {
    Map<String, JsonNode> arms = new LinkedHashMap<>();
    cells.forEach(cell -> arms.put(cell.name(), cell.settings()));
    return arms;
  }

  private static List<Cell> grid(List<SweepAxis> axes) {
    List<Map<String, String>> cells = List.of(Map.of());
    for (SweepAxis axis : axes) {
      List<Map<String, String>> more = new ArrayList<>();
      for (Map<String, String> cell : cells) {
        for (String value : axis.values()) {
          Map<String, String> longer = new LinkedHashMap<>(cell);
          longer.put(axis.setting(), value);
          more.add(longer);
        }
      }
      cells = more;
    }
    return cells.stream().map(Cell::new).toList();
  }

  /**
   * The sequence of Sobol (On the distribution of points in a cube and the approximate evaluation
   * of integrals, USSR Computational Mathematics and Mathematical Physics 7(4), 1967) with the
   * directions of Joe and Kuo; without its first point, which is the corner of the cube. Points
   * that give the same values again are passed over.
   */
  private static List<Cell> sobol(List<SweepAxis> axes, int count) {
    SobolSequenceGenerator points = new SobolSequenceGenerator(axes.size());
    points.nextVector();
    List<Cell> cells = new ArrayList<>();
    for (int tried = 0; cells.size() < count && tried < 100 * count; tried++) {
      double[] point = points.nextVector();
      Map<String, String> values = new LinkedHashMap<>();
      for (int i = 0; i < point.length; i++) {
        values.put(axes.get(i).setting(), axes.get(i).at(point[i]));
      }
      Cell cell = new Cell(values);
      if (!cells.contains(cell)) {
        cells.add(cell);
      }
    }
    return cells;
  }
}
