package org.elasticreset.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The encoder's program in float64, against plain Java and against finite differences. */
class EncoderProgramTest {

  private static final int FLOAT64 = 7;
  private static final EncoderConfig SIZES = new EncoderConfig(11, 6, 8, 2, 2, 12);
  private static final EncoderConfig BERT =
      new EncoderConfig(EncoderArchitecture.BERT, 11, 6, 8, 2, 2, 12, Activation.RELU, 1e-3, 2, 0);
  // Its padding is a token of the first text, too.
  private static final EncoderConfig ROBERTA =
      new EncoderConfig(
          EncoderArchitecture.ROBERTA, 11, 16, 8, 2, 2, 12, Activation.GELU_TANH, 1e-5, 1, 9);
  private static final int LABELS = 3;
  private static final long[][] TOKENS = {{1, 5, 9, 2, 10}, {1, 3, 0, 0, 0}};
  private static final long[] LENGTHS = {5, 2};
  private static final long[] TARGETS = {2, 0};

  private final NDManager scope = Engine.scope();
  private final List<double[]> weights = randomWeights(SIZES);

  @AfterEach
  void free() {
    scope.close();
  }

  static List<EncoderConfig> architectures() {
    return List.of(SIZES, BERT, ROBERTA);
  }

  @ParameterizedTest
  @MethodSource("architectures")
  void logitsAreThoseOfThePlainEncoder(EncoderConfig sizes) {
    var weights = randomWeights(sizes);
    var result =
        (NDArray)
            EncoderClassifier.program(sizes)
                .call(scope, "logits", tensors(sizes, weights), FLOAT64, tokens(), lengths());

    var plain = new PlainEncoder(sizes, weights);
    var actual = result.toDoubleArray();
    for (int row = 0; row < TOKENS.length; row++) {
      var expected = plain.logits(TOKENS[row], (int) LENGTHS[row]);
      for (int label = 0; label < LABELS; label++) {
        assertThat(actual[row * LABELS + label]).isCloseTo(expected[label], within(1e-9));
      }
    }
  }

  @Test
  void gradientIsThatOfFiniteDifferences() {
    gradientAgreesWithFiniteDifferences(0);
  }

  @Test
  void gradientWithDropoutIsThatOfFiniteDifferencesUnderTheSameSeed() {
    gradientAgreesWithFiniteDifferences(0.3);
  }

  @Test
  void dropoutIsDrawnFromItsSeed() {
    assertThat(loss(0.5, 7)).isEqualTo(loss(0.5, 7)).isNotEqualTo(loss(0.5, 8));
  }

  private void gradientAgreesWithFiniteDifferences(double dropout) {
    var gradients = gradients(dropout);
    double step = 1e-6;
    var random = new SplittableRandom(4);
    for (int i = 0; i < weights.size(); i++) {
      var values = weights.get(i);
      var gradient = gradients.get(i).toDoubleArray();
      for (int draw = 0; draw < 5; draw++) {
        int j = random.nextInt(values.length);
        double kept = values[j];
        values[j] = kept + step;
        double above = loss(dropout, 7);
        values[j] = kept - step;
        double below = loss(dropout, 7);
        values[j] = kept;
        assertThat(gradient[j])
            .as("tensor %d, element %d", i, j)
            .isCloseTo((above - below) / (2 * step), within(1e-7));
      }
    }
  }

  private double loss(double dropout, long seed) {
    return ((NDArray) gradient(dropout, seed)[0]).toDoubleArray()[0];
  }

  @SuppressWarnings("unchecked")
  private List<NDArray> gradients(double dropout) {
    return (List<NDArray>) gradient(dropout, 7)[1];
  }

  private Object[] gradient(double dropout, long seed) {
    return (Object[])
        EncoderClassifier.program(SIZES)
            .call(
                scope,
                "gradient",
                tensors(SIZES, weights),
                FLOAT64,
                tokens(),
                lengths(),
                scope.create(TARGETS),
                0.1,
                dropout,
                seed);
  }

  private NDArray tokens() {
    var flat = new long[TOKENS.length * TOKENS[0].length];
    for (int row = 0; row < TOKENS.length; row++) {
      System.arraycopy(TOKENS[row], 0, flat, row * TOKENS[0].length, TOKENS[0].length);
    }
    return scope.create(flat, new Shape(TOKENS.length, TOKENS[0].length));
  }

  private NDArray lengths() {
    return scope.create(LENGTHS);
  }

  private List<NDArray> tensors(EncoderConfig sizes, List<double[]> weights) {
    var shapes = sizes.tensors(LABELS);
    var tensors = new ArrayList<NDArray>();
    for (int i = 0; i < shapes.size(); i++) {
      tensors.add(scope.create(weights.get(i), new Shape(shapes.get(i).shape())));
    }
    return tensors;
  }

  private static List<double[]> randomWeights(EncoderConfig sizes) {
    var random = new SplittableRandom(2);
    var weights = new ArrayList<double[]>();
    for (var tensor : sizes.tensors(LABELS)) {
      var values = new double[(int) tensor.count()];
      for (int i = 0; i < values.length; i++) {
        values[i] = 0.4 * random.nextGaussian();
      }
      weights.add(values);
    }
    return weights;
  }
}
