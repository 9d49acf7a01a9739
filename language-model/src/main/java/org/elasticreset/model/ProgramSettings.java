package org.elasticreset.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Settings of a model as source of its {@link Program}: one function each, e.g. {@code heads()}, so
 * that a program is written for its model and no call carries them.
 *
 * @param source TorchScript
 */
record ProgramSettings(String source) {

  static final ProgramSettings NONE = new ProgramSettings("");

  ProgramSettings with(String name, int value) {
    return with(name, "int", Integer.toString(value));
  }

  ProgramSettings with(String name, double value) {
    return with(name, "float", text(value));
  }

  ProgramSettings with(String name, boolean value) {
    return with(name, "bool", value ? "True" : "False");
  }

  /** A word of small letters and underscores. */
  ProgramSettings with(String name, String word) {
    if (!word.matches("[a-z_]+")) {
      throw new IllegalArgumentException("setting of a program: " + word + " (expected: a word)");
    }
    return with(name, "str", '"' + word + '"');
  }

  ProgramSettings with(String name, double[] values) {
    return with(
        name,
        "List[float]",
        Arrays.stream(values)
            .mapToObj(ProgramSettings::text)
            .collect(Collectors.joining(", ", "[", "]")));
  }

  ProgramSettings with(String name, int[] values) {
    return with(name, "List[int]", values.length == 0 ? "[0][:0]" : Arrays.toString(values));
  }

  private ProgramSettings with(String name, String type, String value) {
    return new ProgramSettings(
        source + "def %s() -> %s:%n  return %s%n%n%n".formatted(name, type, value));
  }

  /** All 17 digits, as the dialect reads them. */
  private static String text(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException("setting of a program: " + value + " (expected: finite)");
    }
    return String.format(Locale.ROOT, "%.17e", value);
  }
}
