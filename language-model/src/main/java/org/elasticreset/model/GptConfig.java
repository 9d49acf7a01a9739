package org.elasticreset.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.elasticreset.model.files.ConfigBounds;
import org.elasticreset.model.files.JsonFile;
import org.elasticreset.model.files.KnownSettings;
import org.elasticreset.model.files.ModelFormatException;
import org.elasticreset.model.files.TensorShape;
import org.jspecify.annotations.Nullable;

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
    List<Integer> endTokens)
    implements DecoderConfig {

  static final String MODEL_TYPE = "gpt2";

  private static final String PREFIX = "transformer.";

  /** Names of the one activation that GPT-2 has, the tanh approximation of GELU. */
  private static final Set<String> ACTIVATIONS = Set.of("gelu_new", "gelu_pytorch_tanh");

  public GptConfig {
    ConfigBounds.tokens("vocab_size", vocabularySize);
    ConfigBounds.tokens("n_positions", positions);
    ConfigBounds.width("n_embd", width);
    ConfigBounds.layers("n_layer", layers);
    ConfigBounds.width("n_head", heads);
    ConfigBounds.width("n_inner", innerWidth);
    if (width % heads != 0) {
      throw new IllegalArgumentException(
          "n_embd: " + width + " (expected: a multiple of n_head, " + heads + ")");
    }
    ConfigBounds.positive("layer_norm_epsilon", layerNormEpsilon);
    ConfigBounds.knownTokens("eos_token_id", endTokens, vocabularySize);
    endTokens = List.copyOf(endTokens);
  }

  /** With GPT-2's epsilon and inner width, and no end token. */
  public GptConfig(int vocabularySize, int positions, int width, int layers, int heads) {
    this(vocabularySize, positions, width, layers, heads, 1e-5, 4 * width, List.of());
  }

  @Override
  public GptConfig withEndTokens(List<Integer> tokens) {
    return new GptConfig(
        vocabularySize, positions, width, layers, heads, layerNormEpsilon, innerWidth, tokens);
  }

  public GptConfig withEndTokens(Integer... tokens) {
    return withEndTokens(List.of(tokens));
  }

  @Override
  public GptConfig headless() {
    return this;
  }

  static GptConfig read(JsonFile file) {
    new KnownSettings(file)
        .requireOneOf("activation_function", "gelu_new", ACTIVATIONS)
        .requireFlag("tie_word_embeddings", true)
        .requireFlag("scale_attn_weights", true)
        .requireFlag("scale_attn_by_inverse_layer_idx", false)
        .requireFlag("add_cross_attention", false)
        .allow("vocab_size", "n_positions", "n_ctx", "n_embd", "n_layer", "n_head", "n_inner")
        .allow("layer_norm_epsilon", "attn_pdrop", "embd_pdrop", "resid_pdrop")
        .allow("reorder_and_upcast_attn")
        .refuseOthers();
    int width = file.positiveInt("n_embd");
    try {
      return new GptConfig(
          file.positiveInt("vocab_size"),
          file.positiveInt("n_positions", 1024),
          width,
          file.positiveInt("n_layer"),
          file.positiveInt("n_head"),
          file.number("layer_norm_epsilon", 1e-5),
          file.positiveInt("n_inner", 4 * width),
          Arrays.stream(file.ints("eos_token_id")).boxed().toList());
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(file.path(), String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public Map<String, @Nullable Object> json() {
    var json = new LinkedHashMap<String, @Nullable Object>();
    json.put("architectures", List.of("GPT2LMHeadModel"));
    json.put("model_type", MODEL_TYPE);
    json.put("vocab_size", vocabularySize);
    json.put("n_positions", positions);
    json.put("n_embd", width);
    json.put("n_layer", layers);
    json.put("n_head", heads);
    json.put("n_inner", innerWidth);
    json.put("layer_norm_epsilon", layerNormEpsilon);
    json.put("activation_function", "gelu_new");
    json.put("tie_word_embeddings", true);
    // Programs have no dropout; transformers would switch it on in training by default.
    json.put("attn_pdrop", 0.0);
    json.put("embd_pdrop", 0.0);
    json.put("resid_pdrop", 0.0);
    return json;
  }

  @Override
  public List<TensorShape> tensors() {
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

  /** The first GPT-2 files were written without the prefix. */
  @Override
  public String canonicalName(String name) {
    return name.startsWith(PREFIX) ? name : PREFIX + name;
  }

  @Override
  public String positionsKey() {
    return "n_positions";
  }

  @Override
  public boolean transposed() {
    return true;
  }

  @Override
  public String program() {
    return "program/gpt2.py";
  }

  @Override
  public ProgramSettings settings() {
    return ProgramSettings.NONE
        .with("layers", layers)
        .with("heads", heads)
        .with("epsilon", layerNormEpsilon);
  }
}
