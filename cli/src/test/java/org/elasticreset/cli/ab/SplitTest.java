package org.elasticreset.cli.ab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SplitTest {
  private final Split split = new Split("reviews");

  @Test
  void bGetsItsShare() {
    int keys = 100_000;
    for (double share : new double[] {0.01, 0.1, 0.5}) {
      long inB = IntStream.range(0, keys).filter(key -> isInB("user-" + key, share)).count();

      double chiSquared =
          Math.pow(inB - keys * share, 2) / (keys * share)
              + Math.pow(inB - keys * share, 2) / (keys * (1 - share));
      // The 99.99 % quantile of χ² with one degree of freedom.
      assertThat(chiSquared).isLessThan(15.1);
    }
  }

  @Test
  void placesAreSpreadEvenly() {
    int keys = 100_000;
    int[] bins = new int[20];
    for (int key = 0; key < keys; key++) {
      bins[(int) (20 * split.place(String.valueOf(key)))]++;
    }

    double chiSquared = IntStream.of(bins).mapToDouble(n -> Math.pow(n - 5000, 2) / 5000).sum();

    // The 99.99 % quantile of χ² with 19 degrees of freedom.
    assertThat(chiSquared).isLessThan(50.8);
  }

  @Test
  void whoIsInBStaysThereWhenTheShareGrows() {
    assertThat(IntStream.range(0, 10_000).mapToObj(String::valueOf))
        .allMatch(
            key -> (!isInB(key, 0.01) || isInB(key, 0.1)) && (!isInB(key, 0.1) || isInB(key, 0.5)));
  }

  @Test
  void anotherExperimentMixesAnew() {
    Split other = new Split("answers");
    long alike =
        IntStream.range(0, 10_000)
            .mapToObj(String::valueOf)
            .filter(key -> isInB(key, 0.5) == (other.arm(key, 0.5) == Arm.B))
            .count();

    assertThat(alike).isBetween(4800L, 5200L);
  }

  @Test
  void theSplitIsTheSameForEver() {
    // SHA-256 of "reviews\nuser-1", first 53 bits over 2^53, by hashlib in Python.
    assertThat(split.place("user-1")).isEqualTo(0.39529655795918184);
  }

  private boolean isInB(String key, double share) {
    return split.arm(key, share) == Arm.B;
  }
}
