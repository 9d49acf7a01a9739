package org.elasticreset.model;

import java.util.Iterator;
import java.util.List;

/** BERT and its kin in plain Java, one text at a time: slow, and short enough to be believed. */
final class PlainEncoder {

  private final EncoderConfig sizes;
  private final List<double[]> weights;

  PlainEncoder(EncoderConfig sizes, List<double[]> weights) {
    this.sizes = sizes;
    this.weights = weights;
  }

  double[] logits(long[] tokens, int length) {
    Iterator<double[]> w = weights.iterator();
    int width = sizes.width();
    var words = w.next();
    var positions = w.next();
    var types = sizes.tokenTypes() > 0 ? w.next() : new double[width];
    var x = new double[length][width];
    int position = first();
    for (int t = 0; t < length; t++) {
      boolean counted = sizes.positionsCountedPast() != tokens[t];
      int row = counted ? position++ : sizes.paddingToken();
      for (int d = 0; d < width; d++) {
        x[t][d] = words[(int) tokens[t] * width + d] + types[d] + positions[row * width + d];
      }
    }
    norm(x, w.next(), w.next());
    for (int layer = 0; layer < sizes.layers(); layer++) {
      var q = linear(x, w.next(), w.next());
      var k = linear(x, w.next(), w.next());
      var v = linear(x, w.next(), w.next());
      add(x, linear(attention(q, k, v), w.next(), w.next()));
      norm(x, w.next(), w.next());
      var inner = linear(x, w.next(), w.next());
      for (var row : inner) {
        for (int i = 0; i < row.length; i++) {
          row[i] = activated(row[i]);
        }
      }
      add(x, linear(inner, w.next(), w.next()));
      norm(x, w.next(), w.next());
    }
    var pooled = linear(new double[][] {x[0]}, w.next(), w.next());
    for (int i = 0; i < width; i++) {
      double state = pooled[0][i];
      boolean relu = sizes.architecture() == EncoderArchitecture.DISTILBERT;
      pooled[0][i] = relu ? Math.max(0, state) : Math.tanh(state);
    }
    return linear(pooled, w.next(), w.next())[0];
  }

  private int first() {
    return sizes.architecture() == EncoderArchitecture.ROBERTA ? sizes.paddingToken() + 1 : 0;
  }

  private double activated(double x) {
    return switch (sizes.activation()) {
      case GELU -> x * 0.5 * (1 + erf(x / Math.sqrt(2)));
      case GELU_TANH ->
          x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
      case RELU -> Math.max(0, x);
    };
  }

  private double[][] attention(double[][] q, double[][] k, double[][] v) {
    int size = sizes.width() / sizes.heads();
    var gathered = new double[q.length][sizes.width()];
    for (int from = 0; from < sizes.width(); from += size) {
      for (int t = 0; t < q.length; t++) {
        var scores = new double[k.length];
        for (int s = 0; s < k.length; s++) {
          for (int c = from; c < from + size; c++) {
            scores[s] += q[t][c] * k[s][c] / Math.sqrt(size);
          }
        }
        NgramClassifier.softmax(scores);
        for (int s = 0; s < k.length; s++) {
          for (int c = from; c < from + size; c++) {
            gathered[t][c] += scores[s] * v[s][c];
          }
        }
      }
    }
    return gathered;
  }

  private static double[][] linear(double[][] x, double[] weight, double[] bias) {
    int inputs = x[0].length;
    var y = new double[x.length][bias.length];
    for (int t = 0; t < x.length; t++) {
      for (int o = 0; o < bias.length; o++) {
        y[t][o] = bias[o];
        for (int i = 0; i < inputs; i++) {
          y[t][o] += x[t][i] * weight[o * inputs + i];
        }
      }
    }
    return y;
  }

  private static void add(double[][] x, double[][] y) {
    for (int t = 0; t < x.length; t++) {
      for (int d = 0; d < x[t].length; d++) {
        x[t][d] += y[t][d];
      }
    }
  }

  private void norm(double[][] x, double[] weight, double[] bias) {
    for (var row : x) {
      double mean = 0;
      for (double value : row) {
        mean += value / row.length;
      }
      double variance = 0;
      for (double value : row) {
        variance += (value - mean) * (value - mean) / row.length;
      }
      for (int d = 0; d < row.length; d++) {
        row[d] =
            (row[d] - mean) / Math.sqrt(variance + sizes.layerNormEpsilon()) * weight[d] + bias[d];
      }
    }
  }

  /** By its Taylor series, which is exact to 1e-14 for the small arguments of a test. */
  private static double erf(double x) {
    double term = x;
    double sum = x;
    for (int n = 1; n < 200; n++) {
      term *= -x * x / n;
      sum += term / (2 * n + 1);
    }
    return 2 / Math.sqrt(Math.PI) * sum;
  }
}
