package org.elasticreset.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import org.elasticreset.algorithm.KlLoss;
import org.elasticreset.algorithm.PolicyGradientLoss;
import org.elasticreset.algorithm.PpoLoss;
import org.elasticreset.algorithm.PpoToken;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PpoLossTest {

  @ParameterizedTest
  @CsvSource({
    "0.2, 0.2, 0.5, 0.0, 0.0",
    "0.2, 0.1, 1.0, 0.0, 0.01",
    "0.05, Infinity, 0.1, 0.0, 0.1",
    "0.2, 0.2, 0.5, 0.04, 0.0",
    "0.2, 0.2, 0.0, 0.5, 0.01"
  })
  void theProgramEqualsThePlainNumbersAndSoDoItsGradients(
      double clip,
      double valueClip,
      double valueCoefficient,
      double klCoefficient,
      double entropyCoefficient) {
    var tokens = tokens(400);
    var plain = new PpoLoss(clip, valueClip, valueCoefficient, entropyCoefficient).of(tokens);
    var kl = KlLoss.of(all(tokens, PpoToken::logProb), reference(tokens));
    var settings =
        new PpoSettings(clip, valueClip, valueCoefficient, entropyCoefficient, 1)
            .withKlCoefficient(klCoefficient);

    var found = objective(tokens, settings);

    assertThat(found.reported())
        .containsExactly(
            new double[] {
              plain.loss() + klCoefficient * kl.loss(),
              plain.policyLoss(),
              plain.valueLoss(),
              plain.entropy(),
              plain.approximateKl(),
              plain.clipFraction()
            },
            within(1e-12));
    assertThat(found.logProbGradient())
        .containsExactly(
            sum(plain.logProbGradient(), klCoefficient, kl.logProbGradient()), within(1e-14));
    assertThat(found.valueGradient()).containsExactly(plain.valueGradient(), within(1e-14));
    assertThat(plain.clipFraction()).isBetween(0.2, 0.95);
  }

  @ParameterizedTest
  @CsvSource({"0.0, 0.0", "0.3, 0.02"})
  void thePlainPolicyGradientHasNoRatioNoClippingAndNoValueHead(
      double klCoefficient, double entropyCoefficient) {
    var tokens = tokens(400);
    var plain = PolicyGradientLoss.of(tokens);
    var kl = KlLoss.of(all(tokens, PpoToken::logProb), reference(tokens));
    var ppo = new PpoLoss(0.2, 0.2, 0, entropyCoefficient).of(tokens);

    var found =
        objective(
            tokens,
            new PpoSettings(
                PolicyLoss.POLICY_GRADIENT, 0.2, 0.2, 0, klCoefficient, entropyCoefficient, 1));

    assertThat(found.reported())
        .containsExactly(
            new double[] {
              plain.loss() + klCoefficient * kl.loss() - entropyCoefficient * ppo.entropy(),
              plain.loss(),
              ppo.valueLoss(),
              ppo.entropy(),
              ppo.approximateKl(),
              0
            },
            within(1e-12));
    assertThat(found.logProbGradient())
        .containsExactly(
            sum(plain.logProbGradient(), klCoefficient, kl.logProbGradient()), within(1e-14));
    assertThat(found.valueGradient()).containsExactly(new double[400], within(0.0));
  }

  private record Found(double[] reported, double[] logProbGradient, double[] valueGradient) {}

  private static Found objective(List<PpoToken> tokens, PpoSettings settings) {
    try (var scope = Engine.scope()) {
      var results =
          (Object[])
              Engine.program("program/scopes.py", "program/ppo.py", "program/ppo-oracle.py")
                  .call(
                      scope,
                      "objective",
                      scope.create(all(tokens, PpoToken::logProb)),
                      scope.create(all(tokens, PpoToken::value)),
                      scope.create(all(tokens, PpoToken::entropy)),
                      scope.create(all(tokens, PpoToken::oldLogProb)),
                      scope.create(reference(tokens)),
                      scope.create(all(tokens, PpoToken::oldValue)),
                      scope.create(all(tokens, PpoToken::advantage)),
                      scope.create(all(tokens, PpoToken::expectedReturn)),
                      settings.policyLoss() == PolicyLoss.CLIPPED_SURROGATE,
                      settings.clipRange(),
                      settings.valueClipRange(),
                      settings.valueCoefficient(),
                      settings.klCoefficient(),
                      settings.entropyCoefficient());
      return new Found(doubles(results[0]), doubles(results[1]), doubles(results[2]));
    }
  }

  private static double[] reference(List<PpoToken> tokens) {
    var random = new SplittableRandom(12);
    return tokens.stream()
        .mapToDouble(token -> token.logProb() + 0.5 * random.nextGaussian())
        .toArray();
  }

  private static double[] sum(double[] a, double coefficient, double[] b) {
    var sum = new double[a.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = a[i] + coefficient * b[i];
    }
    return sum;
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
