package org.elasticreset.model;

import java.util.ArrayList;
import java.util.List;

/**
 * The shape of a GPT-2 model (Hugging Face {@code model_type: gpt2}).
 *
 * @param vocabularySize tokens, {@code vocab_size}
 * @param positions the longest sequence in tokens, {@code n_positions}
 * @param width of the residual stream, {@code n_embd}
 * @param layers blocks, {@code n_layer}
 * @param heads attention heads of a block, {@code n_head}; divides the width
 * @param layerNormEpsilon {@code layer_norm_epsilon}
 * @param innerWidth of the feed-forward, {@code n_inner}
 * @param endTokens tokens that end a text, {@code eos_token_id}; may be empty
 */
public record GptConfig(
    int vocabularySize,
    int positions,
    int width,
    int layers,
    int heads,
    double layerNormEpsilon,
    int innerWidth,
    List<Integer> endTokens) {

  /** Far above any model of this kind; no product of sizes overflows and no list gets long. */
  static final int MAX_TOKENS = 1 << 24;

  static final int MAX_WIDTH = 1 << 20;
  static final int MAX_LAYERS = 1000;

  public GptConfig {
    requireWithin("vocab_size", vocabularySize, MAX_TOKENS);
    requireWithin("n_positions", positions, MAX_TOKENS);
    requireWithin("n_embd", width, MAX_WIDTH);
    requireWithin("n_layer", layers, MAX_LAYERS);
    requireWithin("n_head", heads, MAX_WIDTH);
    requireWithin("n_inner", innerWidth, MAX_WIDTH);
    if (width % heads != 0) {
      throw new IllegalArgumentException(
          "n_embd: " + width + " (expected: a multiple of n_head, " + heads + ")");
    }
    if (!(layerNormEpsilon > 0 && Double.isFinite(layerNormEpsilon))) {
      throw new IllegalArgumentException(
          "layer_norm_epsilon: " + layerNormEpsilon + " (expected: above 0, finite)");
    }
    for (int token : endTokens) {
      if (token < 0 || token >= vocabularySize) {
        throw new IllegalArgumentException(
            "eos_token_id: " + token + " (expected: 0 to " + (vocabularySize - 1) + ")");
      }
    }
    endTokens = List.copyOf(endTokens);
  }

  /** With GPT-2's epsilon and inner width, and no end token. */
  public GptConfig(int vocabularySize, int positions, int width, int layers, int heads) {
    this(vocabularySize, positions, width, layers, heads, 1e-5, 4 * width, List.of());
  }

  public GptConfig withEndTokens(Integer... tokens) {
    return new GptConfig(
        vocabularySize,
        positions,
        width,
        layers,
        heads,
        layerNormEpsilon,
        innerWidth,
        List.of(tokens));
  }

  /** The tensors of the model file in the order of {@code program/gpt2.py}. */
  List<TensorShape> tensors() {
    var tensors = new ArrayList<TensorShape>();
    tensors.add(TensorShape.of("transformer.wte.weight", vocabularySize, width));
    tensors.add(TensorShape.of("transformer.wpe.weight", positions, width));
    for (int layer = 0; layer < layers; layer++) {
      var block = "transformer.h." + layer + ".";
      tensors.add(TensorShape.of(block + "ln_1.weight", width));
      tensors.add(TensorShape.of(block + "ln_1.bias", width));
      tensors.add(TensorShape.of(block + "attn.c_attn.weight", width, 3L * width));
      tensors.add(TensorShape.of(block + "attn.c_attn.bias", 3L * width));
      tensors.add(TensorShape.of(block + "attn.c_proj.weight", width, width));
      tensors.add(TensorShape.of(block + "attn.c_proj.bias", width));
      tensors.add(TensorShape.of(block + "ln_2.weight", width));
      tensors.add(TensorShape.of(block + "ln_2.bias", width));
      tensors.add(TensorShape.of(block + "mlp.c_fc.weight", width, innerWidth));
      tensors.add(TensorShape.of(block + "mlp.c_fc.bias", innerWidth));
      tensors.add(TensorShape.of(block + "mlp.c_proj.weight", innerWidth, width));
      tensors.add(TensorShape.of(block + "mlp.c_proj.bias", width));
    }
    tensors.add(TensorShape.of("transformer.ln_f.weight", width));
    tensors.add(TensorShape.of("transformer.ln_f.bias", width));
    return List.copyOf(tensors);
  }

  private static void requireWithin(String key, int value, int most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(key + ": " + value + " (expected: 1 to " + most + ")");
    }
  }
}
