package org.elasticreset.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.elasticreset.model.files.TensorShape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GradientSumsTest {

  private final NDManager scope = Engine.scope();
  private final Parameters gradient = new Parameters(scope, List.of(TensorShape.of("w", 2)));
  private final GradientSums sums = new GradientSums(scope, gradient);

  @BeforeEach
  void twoThreads() {
    Engine.useThreads(2);
  }

  @AfterEach
  void close() {
    Engine.useThreads(Runtime.getRuntime().availableProcessors());
    scope.close();
  }

  @Test
  void addsUpWhatBatchesGiveAndReportsInTheirOrder() {
    var reported = sums.add(List.of(1, 2, 4, 8, 16), GradientSumsTest::adds);

    assertThat(reported.stream().map(pass -> pass[0])).containsExactly(1f, 2f, 4f, 8f, 16f);
    assertThat(gradient.values(0)).containsExactly(31, 31);

    sums.add(List.of(32), GradientSumsTest::adds);

    assertThat(gradient.values(0)).containsExactly(63, 63);
  }

  @Test
  void numbersBatchesFromZero() {
    var reported =
        sums.add(
            List.of("a", "b", "c"),
            (call, number, batch, sum) -> call.full(new Shape(1), (float) number));

    assertThat(reported.stream().map(pass -> pass[0])).containsExactly(0f, 1f, 2f);
  }

  @Test
  void aPassThatFailsLeavesNothingForTheNext() {
    assertThatThrownBy(
            () ->
                sums.add(
                    List.of(1, 2, 3, 4),
                    (call, number, batch, sum) -> {
                      var added = adds(call, number, batch, sum);
                      if (batch == 4) {
                        throw new IllegalStateException("no gradient");
                      }
                      return added;
                    }))
        .hasMessageContaining("no gradient");
    gradient.clear();

    sums.add(List.of(1, 2), GradientSumsTest::adds);

    assertThat(gradient.values(0)).containsExactly(3, 3);
  }

  @Test
  void aStepSideBySideIsThatOfOnePassAfterTheOther() {
    var random = new SplittableRandom(1);
    var sequences =
        IntStream.range(0, 7)
            .mapToObj(i -> new TokenSequence(tokens(random, 1 + i), tokens(random, 9 - i)))
            .toList();
    var settings = new PpoSettings(0.2, 0.2, 0.5, 0.01, 0.8);
    try (var alone = CausalLanguageModel.initialise(new GptConfig(50, 16, 32, 2, 4), null, 1);
        var beside = alone.copy();
        var again = alone.copy();
        var one = new PolicyTrainer(alone, OptimizerSettings.DEFAULT, 1);
        var two = new PolicyTrainer(beside, OptimizerSettings.DEFAULT, 1);
        var twice = new PolicyTrainer(again, OptimizerSettings.DEFAULT, 1)) {
      var minibatch = PpoSamples.near(alone.logProbs(sequences, 0.8, 7), sequences, random);
      for (int step = 0; step < 3; step++) {
        Engine.useThreads(1);
        var expected = one.ppoStep(minibatch, settings, 1e-3, 4);
        Engine.useThreads(2);
        var found = two.ppoStep(minibatch, settings, 1e-3, 4);
        assertThat(twice.ppoStep(minibatch, settings, 1e-3, 4)).isEqualTo(found);
        assertThat(found.gradientNorm()).isCloseTo(expected.gradientNorm(), within(1e-4));
        assertThat(found.policyLoss()).isCloseTo(expected.policyLoss(), within(1e-5));
      }
      assertThat(again.parameters().digest()).isEqualTo(beside.parameters().digest());
      var weights = alone.parameters().values(3);
      assertThat(beside.parameters().values(3)).containsExactly(weights, within(1e-4f));
    }
  }

  private static int[] tokens(SplittableRandom random, int count) {
    return random.ints(count, 0, 50).toArray();
  }

  private static NDArray adds(NDManager call, int number, int batch, List<NDArray> sums) {
    sums.get(0).addi(batch);
    return call.full(new Shape(1), (float) batch);
  }
}
