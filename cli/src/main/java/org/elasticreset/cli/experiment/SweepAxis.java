package org.elasticreset.cli.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import org.elasticreset.cli.InvalidInputException;

/** The values of one swept setting: those of a list, or all of a range. */
sealed interface SweepAxis {
  /** Dotted name of the setting. */
  String setting();

  /**
   * The value at a place of the axis.
   *
   * @param place 0 to 1, without 1
   */
  String at(double place);

  /** Values of a grid. */
  List<String> values();

  /**
   * What a file names.
   *
   * @param values in its order, as text
   */
  record Listed(String setting, List<String> values) implements SweepAxis {
    public Listed {
      values = List.copyOf(values);
    }

    @Override
    public String at(double place) {
      return values.get((int) (place * values.size()));
    }
  }

  /**
   * From one number to another.
   *
   * @param count of values on a grid; 0 where the file names none
   * @param whole the setting is a whole number
   */
  record Range(String setting, double from, double to, boolean log, int count, boolean whole)
      implements SweepAxis {
    private static final MathContext THREE_DIGITS = new MathContext(3);

    @Override
    public String at(double place) {
      double value =
          log
              ? Math.exp(Math.log(from) + place * (Math.log(to) - Math.log(from)))
              : from + place * (to - from);
      return whole
          ? String.valueOf(Math.round(value))
          : new BigDecimal(value).round(THREE_DIGITS).stripTrailingZeros().toPlainString();
    }

    @Override
    public List<String> values() {
      if (count < 2) {
        throw InvalidInputException.of(
            "sweep." + setting + ".count",
            count == 0 ? "missing" : count,
            "2 or more values of the range, for a grid");
      }
      List<String> values = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        values.add(at((double) i / (count - 1)));
      }
      return values.stream().distinct().toList();
    }
  }

  /** Reads {@code [6, 12, 18]} or {@code {from, to, scale, count}}. */
  static SweepAxis read(String setting, JsonNode tree) {
    String key = "sweep." + setting;
    if (tree.isArray()) {
      List<String> values = new ArrayList<>();
      for (JsonNode value : tree) {
        if (!value.isNumber()) {
          throw InvalidInputException.of(key, value, "numbers: other settings are arms");
        }
        values.add(value.asText());
      }
      if (values.stream().distinct().count() < 2) {
        throw InvalidInputException.of(key, tree, "two different values or more");
      }
      return new Listed(setting, values.stream().distinct().toList());
    }
    if (!tree.isObject()) {
      throw InvalidInputException.of(key, tree, "[values], or {from: …, to: …, scale: log}");
    }
    tree.fieldNames()
        .forEachRemaining(
            name -> {
              if (!List.of("from", "to", "scale", "count").contains(name)) {
                throw InvalidInputException.of(key, name, "from, to, scale and count");
              }
            });
    return range(setting, key, tree);
  }

  private static SweepAxis range(String setting, String key, JsonNode tree) {
    String scale = tree.path("scale").asText("linear");
    if (!List.of("linear", "log").contains(scale)) {
      throw InvalidInputException.of(key + ".scale", scale, "linear | log");
    }
    double from = tree.path("from").asDouble(Double.NaN);
    double to = tree.path("to").asDouble(Double.NaN);
    if (!(from < to) || (scale.equals("log") && from <= 0)) {
      throw InvalidInputException.of(
          key, tree, scale.equals("log") ? "numbers, 0 < from < to" : "numbers, from < to");
    }
    boolean whole = tree.path("from").isIntegralNumber() && tree.path("to").isIntegralNumber();
    return new Range(setting, from, to, scale.equals("log"), tree.path("count").asInt(0), whole);
  }
}
