package org.elasticreset.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ClusteredShareTest {

  @Test
  void independentTrialsHaveWilsonsInterval() {
    var outcomes = new double[50];
    IntStream.range(0, 30).forEach(i -> outcomes[i] = 1);

    var share = ClusteredShare.of(outcomes, names(50));

    // statsmodels.stats.proportion.proportion_confint(30 / f, 50 / f, method="wilson") with the
    // correction C / (C - 1) of the variance as f
    double f = 50.0 / 49;
    double n = 50 / f;
    double z = 1.959963984540054;
    double centre = (0.6 + z * z / (2 * n)) / (1 + z * z / n);
    double half = z / (1 + z * z / n) * Math.sqrt(0.24 / n + z * z / (4 * n * n));
    assertThat(share.effectiveTrials()).isCloseTo(n, within(1e-9));
    assertThat(share.interval().low()).isCloseTo(centre - half, within(1e-12));
    assertThat(share.interval().high()).isCloseTo(centre + half, within(1e-12));
    assertThat(share.interval().low()).isCloseTo(0.4595, within(2e-3));
  }

  @Test
  void trialsThatOnlyRepeatEachOtherCountOnce() {
    var once = new double[] {1, 0, 1, 1, 0, 1, 0, 1};
    var often = new double[80];
    var clusters = new ArrayList<String>();
    for (int i = 0; i < often.length; i++) {
      often[i] = once[i / 10];
      clusters.add("c" + i / 10);
    }

    var repeated = ClusteredShare.of(often, clusters);

    var single = ClusteredShare.of(once, names(8));
    assertThat(repeated.effectiveTrials()).isCloseTo(single.effectiveTrials(), within(1e-9));
    assertThat(repeated.trials()).isEqualTo(80);
    assertThat(repeated.clusters()).isEqualTo(8);
  }

  @Test
  void nothingButSuccessesIsNotCertainty() {
    var outcomes = new double[40];
    java.util.Arrays.fill(outcomes, 1);
    var clusters = IntStream.range(0, 40).mapToObj(i -> "c" + i / 4).toList();

    var interval = ClusteredShare.of(outcomes, clusters).interval();

    assertThat(interval.high()).isCloseTo(1, within(1e-12));
    assertThat(interval.low()).isCloseTo(0.7225, within(1e-3)); // Wilson's of 10 of 10
  }

  @Test
  void intervalsHoldTheTruthAsOftenAsTheySay() {
    var random = new SplittableRandom(5);
    int rounds = 2000;
    int held = 0;
    int heldIfIndependent = 0;
    for (int round = 0; round < rounds; round++) {
      var outcomes = new ArrayList<Double>();
      var clusters = new ArrayList<String>();
      for (int c = 0; c < 80; c++) {
        // Shares of clusters are uniform around 0.6, so that those of a cluster are alike.
        double own = 0.2 + 0.8 * random.nextDouble();
        int size = 1 + random.nextInt(6);
        for (int i = 0; i < size; i++) {
          outcomes.add(random.nextDouble() < own ? 1.0 : 0.0);
          clusters.add("c" + c);
        }
      }
      var values = outcomes.stream().mapToDouble(x -> x).toArray();
      held += holds(ClusteredShare.of(values, clusters), 0.6);
      heldIfIndependent += holds(ClusteredShare.of(values, names(values.length)), 0.6);
    }
    assertThat(held / (double) rounds).isBetween(0.935, 0.965);
    assertThat(heldIfIndependent).isLessThan(held);
  }

  @Test
  void aDifferenceOfNothingIsFoundInOneCaseOfTwenty() {
    var random = new SplittableRandom(6);
    int rounds = 2000;
    int found = 0;
    for (int round = 0; round < rounds; round++) {
      var first = random.doubles(200).map(x -> x < 0.6 ? 1 : 0).toArray();
      var second = random.doubles(200).map(x -> x < 0.6 ? 1 : 0).toArray();
      var clusters = IntStream.range(0, 200).mapToObj(i -> "c" + i / 2).toList();
      var interval = ClusteredShare.difference(first, second, clusters);
      found += interval.low() > 0 || interval.high() < 0 ? 1 : 0;
    }
    assertThat(found / (double) rounds).isBetween(0.035, 0.07);
  }

  @Test
  void refusesNothing() {
    assertThatThrownBy(() -> ClusteredShare.of(new double[0], List.of()))
        .hasMessage("trials: 0 in 0 clusters (expected: as many, at least 1)");
    assertThatThrownBy(() -> ClusteredShare.of(new double[2], Collections.singletonList("a")))
        .hasMessageStartingWith("trials: 2 in 1 clusters");
  }

  private static int holds(ClusteredShare share, double truth) {
    return share.interval().low() <= truth && truth <= share.interval().high() ? 1 : 0;
  }

  private static List<String> names(int count) {
    return IntStream.range(0, count).mapToObj(i -> "c" + i).toList();
  }
}
