package org.elasticreset.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.elasticreset.algorithm.PpoLoss;
import org.elasticreset.algorithm.PpoToken;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PpoLossTest {

  @ParameterizedTest
  @CsvSource({"0.2, 0.2, 0.5, 0.0", "0.2, 0.1, 1.0, 0.01", "0.05, Infinity, 0.1, 0.1"})
  void theProgramEqualsThePlainNumbersAndSoDoItsGradients(
      double clip, double valueClip, double valueCoefficient, double entropyCoefficient) {
    var tokens = tokens(400);
    var plain = new PpoLoss(clip, valueClip, valueCoefficient, entropyCoefficient).of(tokens);
    try (var scope = Engine.scope()) {
      var results =
          (Object[])
              Engine.program("program/scopes.py", "program/ppo.py", "program/ppo-oracle.py")
                  .call(
                      scope,
                      "ppo",
                      scope.create(all(tokens, PpoToken::logProb)),
                      scope.create(all(tokens, PpoToken::value)),
                      scope.create(all(tokens, PpoToken::entropy)),
                      scope.create(all(tokens, PpoToken::oldLogProb)),
                      scope.create(all(tokens, PpoToken::oldValue)),
                      scope.create(all(tokens, PpoToken::advantage)),
                      scope.create(all(tokens, PpoToken::expectedReturn)),
                      clip,
                      valueClip,
                      valueCoefficient,
                      entropyCoefficient);
      assertThat(doubles(results[0]))
          .containsExactly(
              new double[] {
                plain.loss(),
                plain.policyLoss(),
                plain.valueLoss(),
                plain.entropy(),
                plain.approximateKl(),
                plain.clipFraction()
              },
              within(1e-12));
      assertThat(doubles(results[1])).containsExactly(plain.logProbGradient(), within(1e-14));
      assertThat(doubles(results[2])).containsExactly(plain.valueGradient(), within(1e-14));
    }
    assertThat(plain.clipFraction()).isBetween(0.2, 0.95);
  }

  private static List<PpoToken> tokens(int count) {
    var random = new SplittableRandom(11);
    var tokens = new ArrayList<PpoToken>();
    for (int i = 0; i < count; i++) {
      double logProb = -5 * random.nextDouble();
      double value = random.nextGaussian();
      tokens.add(
          new PpoToken(
              logProb,
              logProb + 0.3 * random.nextGaussian(),
              random.nextGaussian(),
              value,
              value + 0.3 * random.nextGaussian(),
              random.nextGaussian(),
              3 * random.nextDouble()));
    }
    return tokens;
  }

  private static double[] all(List<PpoToken> tokens, ToDoubleFunction<PpoToken> part) {
    return tokens.stream().mapToDouble(part).toArray();
  }

  private static double[] doubles(Object tensor) {
    return ((NDArray) tensor).toDoubleArray();
  }
}
