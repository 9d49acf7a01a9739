package org.elasticreset.model;

import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;

/**
 * GPT-2 as loops over doubles, by the names of the model file: the slow reading of {@code
 * program/gpt2.py}. One sequence, no cache.
 */
final class PlainGpt2 {

  private final GptConfig config;
  private final Map<String, float[]> tensors = new HashMap<>();

  PlainGpt2(CausalLanguageModel model) {
    config = (GptConfig) model.config();
    long offset = 0;
    for (var tensor : model.parameters().tensors()) {
      var values = new float[(int) tensor.count()];
      var bytes = model.parameters().read(offset, values.length * Float.BYTES);
      bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
      tensors.put(tensor.name().substring("transformer.".length()), values);
      offset += (long) values.length * Float.BYTES;
    }
  }

  /** Log-probability of {@code tokens[s + 1]} after the tokens up to s. */
  double[] logProbs(int[] tokens) {
    int width = config.width();
    var x = new double[tokens.length - 1][width];
    for (int s = 0; s < x.length; s++) {
      for (int d = 0; d < width; d++) {
        x[s][d] = get("wte.weight", tokens[s], width, d) + get("wpe.weight", s, width, d);
      }
    }
    for (int layer = 0; layer < config.layers(); layer++) {
      var block = "h." + layer + ".";
      add(x, linear(attention(block, norm(x, block + "ln_1")), block + "attn.c_proj"));
      var inner = linear(norm(x, block + "ln_2"), block + "mlp.c_fc");
      for (var row : inner) {
        for (int i = 0; i < row.length; i++) {
          row[i] = geluNew(row[i]);
        }
      }
      add(x, linear(inner, block + "mlp.c_proj"));
    }
    x = norm(x, "ln_f");
    var logProbs = new double[x.length];
    for (int s = 0; s < x.length; s++) {
      var logits = new double[config.vocabularySize()];
      for (int v = 0; v < logits.length; v++) {
        for (int d = 0; d < width; d++) {
          logits[v] += x[s][d] * get("wte.weight", v, width, d);
        }
      }
      logProbs[s] = logits[tokens[s + 1]] - logSumExp(logits);
    }
    return logProbs;
  }

  private double[][] attention(String block, double[][] x) {
    int width = config.width();
    int size = width / config.heads();
    var qkv = linear(x, block + "attn.c_attn");
    var out = new double[x.length][width];
    for (int head = 0; head < config.heads(); head++) {
      int q = head * size;
      int k = width + q;
      int v = 2 * width + q;
      for (int s = 0; s < x.length; s++) {
        var scores = new double[s + 1];
        for (int t = 0; t <= s; t++) {
          for (int c = 0; c < size; c++) {
            scores[t] += qkv[s][q + c] * qkv[t][k + c] / Math.sqrt(size);
          }
        }
        double total = logSumExp(scores);
        for (int t = 0; t <= s; t++) {
          for (int c = 0; c < size; c++) {
            out[s][q + c] += Math.exp(scores[t] - total) * qkv[t][v + c];
          }
        }
      }
    }
    return out;
  }

  private double[][] linear(double[][] x, String name) {
    var weight = tensors.get(name + ".weight");
    var bias = tensors.get(name + ".bias");
    var y = new double[x.length][bias.length];
    for (int s = 0; s < x.length; s++) {
      for (int o = 0; o < bias.length; o++) {
        y[s][o] = bias[o];
        for (int i = 0; i < x[s].length; i++) {
          y[s][o] += x[s][i] * weight[i * bias.length + o];
        }
      }
    }
    return y;
  }

  private double[][] norm(double[][] x, String name) {
    var y = new double[x.length][];
    for (int s = 0; s < x.length; s++) {
      int width = x[s].length;
      double mean = 0;
      double variance = 0;
      for (double value : x[s]) {
        mean += value / width;
      }
      for (double value : x[s]) {
        variance += (value - mean) * (value - mean) / width;
      }
      y[s] = new double[width];
      for (int d = 0; d < width; d++) {
        y[s][d] =
            (x[s][d] - mean)
                    / Math.sqrt(variance + config.layerNormEpsilon())
                    * tensors.get(name + ".weight")[d]
                + tensors.get(name + ".bias")[d];
      }
    }
    return y;
  }

  private double get(String name, int row, int columns, int column) {
    return tensors.get(name)[row * columns + column];
  }

  private static double geluNew(double x) {
    return x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
  }

  private static void add(double[][] x, double[][] y) {
    for (int s = 0; s < x.length; s++) {
      for (int d = 0; d < x[s].length; d++) {
        x[s][d] += y[s][d];
      }
    }
  }

  private static double logSumExp(double[] values) {
    double max = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      max = Math.max(max, value);
    }
    double sum = 0;
    for (double value : values) {
      sum += Math.exp(value - max);
    }
    return max + Math.log(sum);
  }
}
