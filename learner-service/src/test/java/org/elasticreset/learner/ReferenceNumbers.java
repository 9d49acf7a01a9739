package org.elasticreset.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Numbers that a script in Python computed, from a file whose lines are a name and numbers.
 *
 * @param rows the lines of each name, in their order
 */
record ReferenceNumbers(Map<String, List<double[]>> rows) {

  static ReferenceNumbers read(Path file) {
    try {
      return new ReferenceNumbers(
          Files.readAllLines(file).stream()
              .map(line -> line.split(" "))
              .collect(
                  Collectors.groupingBy(
                      words -> words[0],
                      Collectors.mapping(
                          words ->
                              Arrays.stream(words, 1, words.length)
                                  .mapToDouble(Double::parseDouble)
                                  .toArray(),
                          Collectors.toList()))));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<double[]> rows(String name) {
    return rows.getOrDefault(name, List.of());
  }

  /** The one number behind a name that has one line. */
  double number(String name) {
    return rows(name).get(0)[0];
  }

  /** The first number of each line. */
  double[] column(String name) {
    return rows(name).stream().mapToDouble(row -> row[0]).toArray();
  }

  /** Lines of tokens. */
  List<int[]> tokens(String name) {
    return rows(name).stream()
        .map(row -> Arrays.stream(row).mapToInt(token -> (int) token).toArray())
        .toList();
  }

  /** Lines of numbers as models have them. */
  List<float[]> floats(String name) {
    return rows(name).stream().map(ReferenceNumbers::floats).toList();
  }

  private static float[] floats(double[] row) {
    float[] floats = new float[row.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) row[i];
    }
    return floats;
  }

  /** As many rows as lines of that name, and every number near its own. */
  void assertNear(String name, List<float[]> found, double tolerance) {
    assertThat(found).as(name).hasSameSizeAs(rows(name));
    for (int line = 0; line < found.size(); line++) {
      assertNear(name, line, found.get(line), tolerance);
    }
  }

  /** Every number of a row near that of the line, counted from 0. */
  void assertNear(String name, int line, float[] found, double tolerance) {
    assertThat(found).as("%s, line %d", name, line).hasSameSizeAs(rows(name).get(line));
    for (int i = 0; i < found.length; i++) {
      assertNear(
          "%s, line %d, number %d".formatted(name, line, i),
          found[i],
          rows(name).get(line)[i],
          tolerance);
    }
  }

  /** The one number of each line near its own. */
  void assertColumnNear(String name, double[] found, double tolerance) {
    assertThat(found).as(name).hasSameSizeAs(column(name));
    for (int line = 0; line < found.length; line++) {
      assertNear("%s, line %d".formatted(name, line), found[line], column(name)[line], tolerance);
    }
  }

  /** By the tolerance, or that share of what is expected where it is above 1. */
  private static void assertNear(String name, double found, double expected, double tolerance) {
    assertThat(found)
        .as(name)
        .isCloseTo(expected, within(tolerance * Math.max(1, Math.abs(expected))));
  }
}
