package org.elasticreset.algorithm;

import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** Arrays and rows of plain numbers for properties. */
final class Floats {
  private Floats() {}

  static Arbitrary<float[]> array(int minLength, int maxLength, float min, float max) {
    return Arbitraries.floats()
        .between(min, max)
        .array(float[].class)
        .ofMinSize(minLength)
        .ofMaxSize(maxLength);
  }

  /** Between 1 and 6 rows of 1 to 8 elements each. */
  static Arbitrary<List<float[]>> rows(float min, float max) {
    return array(1, 8, min, max).list().ofMinSize(1).ofMaxSize(6);
  }

  /** The elements of all rows, one after another. */
  static double[] flat(List<float[]> rows) {
    return rows.stream()
        .flatMapToDouble(row -> IntStream.range(0, row.length).mapToDouble(t -> row[t]))
        .toArray();
  }
}
