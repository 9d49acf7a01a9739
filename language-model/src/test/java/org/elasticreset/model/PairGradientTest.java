package org.elasticreset.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.elasticreset.model.files.TensorShape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The loss of preference pairs in float64, against its formula and finite differences. */
class PairGradientTest {

  private static final int FLOAT64 = 7;
  private static final double SCALE = 0.5;
  private static final EncoderConfig ENCODER = new EncoderConfig(11, 6, 8, 2, 2, 12);
  private static final GptConfig DECODER = new GptConfig(11, 6, 8, 2, 2);

  /** Two chosen texts, and the rejected ones. */
  private static final long[][] TOKENS = {
    {1, 5, 9, 2, 10}, {1, 3, 0, 0, 0}, {1, 4, 4, 0, 0}, {1, 7, 8, 6, 2}
  };

  private static final long[] LENGTHS = {5, 2, 3, 5};

  private final NDManager scope = Engine.scope();

  @AfterEach
  void free() {
    scope.close();
  }

  @Test
  void ofAnEncoderIsMinusLogSigmoidOfTheDifference() {
    var model = encoder();

    var scores = model.scores(LENGTHS);

    assertThat(model.loss()).isCloseTo(SCALE * bradleyTerry(scores), within(1e-12));
  }

  @Test
  void ofADecoderIsMinusLogSigmoidOfTheDifference() {
    var model = decoder();

    var scores = model.scores(rows());

    assertThat(model.loss()).isCloseTo(SCALE * bradleyTerry(scores), within(1e-12));
  }

  @Test
  void gradientOfAnEncoderIsThatOfFiniteDifferences() {
    encoder().assertGradient();
  }

  @Test
  void gradientOfADecoderIsThatOfFiniteDifferences() {
    decoder().assertGradient();
  }

  private static double bradleyTerry(double[] scores) {
    double loss = 0;
    for (int i = 0; i < 2; i++) {
      loss -= Math.log(1 / (1 + Math.exp(-(scores[i] - scores[i + 2]))));
    }
    return loss;
  }

  private Model encoder() {
    return new Model(EncoderClassifier.program(ENCODER), ENCODER.tensors(1), LENGTHS, 0.3, false);
  }

  private Model decoder() {
    var shapes = new ArrayList<>(DECODER.tensors());
    shapes.add(TensorShape.of("score.weight", 1, DECODER.width()));
    return new Model(DecoderClassifier.program(DECODER), shapes, rows(), 0, true);
  }

  private static long[] rows() {
    var rows = new long[LENGTHS.length];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (long) i * TOKENS[0].length + LENGTHS[i] - 1;
    }
    return rows;
  }

  private final class Model {
    private final Program program;
    private final List<TensorShape> shapes;
    private final List<double[]> weights = new ArrayList<>();
    private final long[] places;
    private final double dropout;
    private final boolean headApart;

    Model(
        Program program,
        List<TensorShape> shapes,
        long[] places,
        double dropout,
        boolean headApart) {
      this.program = program;
      this.shapes = shapes;
      this.places = places;
      this.dropout = dropout;
      this.headApart = headApart;
      var random = new SplittableRandom(2);
      for (var shape : shapes) {
        weights.add(random.doubles(shape.count()).map(x -> 1.4 * (x - 0.5)).toArray());
      }
    }

    double[] scores(long[] places) {
      var all = tensors();
      int last = all.size() - 1;
      var tokens = tokens();
      Object found =
          headApart
              ? program.call(
                  scope,
                  "logits",
                  all.subList(0, last),
                  all.get(last),
                  FLOAT64,
                  tokens,
                  scope.create(places))
              : program.call(scope, "logits", all, FLOAT64, tokens, scope.create(places));
      return ((NDArray) found).toDoubleArray();
    }

    double loss() {
      return call(0, zeros()).toDoubleArray()[0];
    }

    void assertGradient() {
      var gradient = zeros();
      call(dropout, gradient);
      double step = 1e-6;
      var random = new SplittableRandom(4);
      for (int i = 0; i < weights.size(); i++) {
        var values = weights.get(i);
        for (int draw = 0; draw < 5; draw++) {
          int j = random.nextInt(values.length);
          double kept = values[j];
          values[j] = kept + step;
          double above = call(dropout, zeros()).toDoubleArray()[0];
          values[j] = kept - step;
          double below = call(dropout, zeros()).toDoubleArray()[0];
          values[j] = kept;
          assertThat(gradient.get(i).toDoubleArray()[j])
              .as("%s, element %d", shapes.get(i).name(), j)
              .isCloseTo((above - below) / (2 * step), within(1e-7));
        }
      }
    }

    private NDArray call(double dropped, List<NDArray> gradient) {
      return (NDArray)
          program.call(
              scope,
              "pair_gradient",
              tensors(),
              gradient,
              FLOAT64,
              tokens(),
              scope.create(places),
              dropped,
              7L,
              SCALE);
    }

    private List<NDArray> tensors() {
      var tensors = new ArrayList<NDArray>();
      for (int i = 0; i < shapes.size(); i++) {
        tensors.add(scope.create(weights.get(i), new Shape(shapes.get(i).shape())));
      }
      return tensors;
    }

    private List<NDArray> zeros() {
      return shapes.stream()
          .map(shape -> scope.zeros(new Shape(shape.shape()), DataType.FLOAT64))
          .toList();
    }

    private NDArray tokens() {
      var flat = new long[TOKENS.length * TOKENS[0].length];
      for (int row = 0; row < TOKENS.length; row++) {
        System.arraycopy(TOKENS[row], 0, flat, row * TOKENS[0].length, TOKENS[0].length);
      }
      return scope.create(flat, new Shape(TOKENS.length, TOKENS[0].length));
    }
  }
}
