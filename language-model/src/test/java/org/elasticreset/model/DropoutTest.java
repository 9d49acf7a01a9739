package org.elasticreset.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against the same hash in plain Java, whose shifts know no sign. */
class DropoutTest {

  private static final int COUNT = 100_000;

  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.5, 0.9})
  void dropsAtItsRateAndScalesTheRest(double rate) {
    var values = dropped(rate, 7, 0);

    int zeros = 0;
    for (float value : values) {
      if (value == 0) {
        zeros++;
      } else {
        assertThat(value).isCloseTo((float) (1 / (1 - rate)), within(1e-5F));
      }
    }
    double deviation = Math.sqrt(rate * (1 - rate) / COUNT);
    assertThat((double) zeros / COUNT).isCloseTo(rate, within(4 * deviation));
  }

  @Test
  void neighboursAndCallsAndSeedsKnowNothingOfOneAnother() {
    var first = dropped(0.5, 7, 0);

    assertThat(shareOfEqual(first, dropped(0.5, 7, 1), 0)).isCloseTo(0.5, within(0.01));
    assertThat(shareOfEqual(first, dropped(0.5, 8, 0), 0)).isCloseTo(0.5, within(0.01));
    for (int distance : new int[] {1, 2, 3, 128, 4096}) {
      assertThat(shareOfEqual(first, first, distance)).isCloseTo(0.5, within(0.01));
    }
  }

  @Test
  void everyDeviceDropsTheSame() {
    long seed = Long.MAX_VALUE - 3;

    var values = dropped(0.3, seed, 2);

    int key = (int) ((seed % Integer.MAX_VALUE * 65537 + 3 * 40503) % (1L << 32) - (1L << 31));
    int least = (int) ((long) (0.3 * (1L << 32)) - (1L << 31));
    for (int place = 0; place < COUNT; place++) {
      boolean kept = scrambled(place * 0x9E3779B9 ^ key) >= least;
      assertThat(values[place] != 0).as("place %d", place).isEqualTo(kept);
    }
  }

  private static int scrambled(int x) {
    x = (x ^ (x >>> 16)) * 0x7FEB352D;
    x = (x ^ (x >>> 15)) * 0x846CA68B;
    return x ^ (x >>> 16);
  }

  private static double shareOfEqual(float[] some, float[] others, int distance) {
    int equal = 0;
    for (int i = 0; i + distance < COUNT; i++) {
      if (some[i] == others[i + distance]) {
        equal++;
      }
    }
    return (double) equal / (COUNT - distance);
  }

  private static float[] dropped(double rate, long seed, int call) {
    try (var scope = Engine.scope()) {
      var program = Engine.program("program/scopes.py", "program/dropout.py", "program/dropped.py");
      var ones = scope.ones(new Shape(COUNT), DataType.FLOAT32);
      return ((NDArray) program.call(scope, "dropped", ones, rate, seed, call)).toFloatArray();
    }
  }
}
