package org.elasticreset.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;

class KlEstimatorTest {
  /** A distribution over five tokens. */
  @Provide
  Arbitrary<double[]> distributions() {
    return Arbitraries.doubles()
        .between(0.05, 1)
        .array(double[].class)
        .ofSize(5)
        .map(
            weights -> {
              double sum = Arrays.stream(weights).sum();
              return Arrays.stream(weights).map(weight -> weight / sum).toArray();
            });
  }

  @Property
  void theExpectationOfEachIsTheDivergence(
      @ForAll("distributions") double[] policy, @ForAll("distributions") double[] reference) {
    double divergence = 0;
    for (int token = 0; token < policy.length; token++) {
      divergence += policy[token] * Math.log(policy[token] / reference[token]);
    }
    for (KlEstimator estimator : KlEstimator.values()) {
      double expectation = 0;
      for (int token = 0; token < policy.length; token++) {
        double logProb = Math.log(policy[token]);
        expectation += policy[token] * estimator.perToken(logProb, Math.log(reference[token]));
      }
      assertThat(expectation).isCloseTo(divergence, within(1e-9));
    }
  }

  @Property
  void k3IsNeverNegative(
      @ForAll @DoubleRange(min = -20, max = 0) double logProb,
      @ForAll @DoubleRange(min = -20, max = 0) double referenceLogProb) {
    assertThat(KlEstimator.K3.perToken(logProb, referenceLogProb)).isGreaterThanOrEqualTo(0);
  }

  @Property
  void bothAreZeroWhereThePoliciesAgree(@ForAll @DoubleRange(min = -20, max = 0) double logProb) {
    for (KlEstimator estimator : KlEstimator.values()) {
      assertThat(estimator.perToken(logProb, logProb)).isZero();
    }
  }
}
