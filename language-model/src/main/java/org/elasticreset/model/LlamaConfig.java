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
 * The shape of a model of the Llama family: Hugging Face's {@code model_type} {@code llama} (Llama
 * 1 to 3, TinyLlama, SmolLM2), {@code mistral} and {@code qwen2}.
 *
 * @param modelType one of {@link #MODEL_TYPES}
 * @param vocabularySize tokens, {@code vocab_size}
 * @param positions the longest sequence in tokens, {@code max_position_embeddings}
 * @param width of the residual stream, {@code hidden_size}
 * @param innerWidth of the feed-forward, {@code intermediate_size}
 * @param layers blocks, {@code num_hidden_layers}
 * @param heads query heads of a block, {@code num_attention_heads}
 * @param keyValueHeads {@code num_key_value_heads}; divides the heads
 * @param headSize {@code head_dim}, even
 * @param epsilon {@code rms_norm_eps}
 * @param queryBias queries, keys and values have a bias
 * @param outputBias attention's output has one, too
 * @param tied logits use the embeddings, {@code tie_word_embeddings}
 * @param rotary angles of the positions
 * @param window tokens that a query sees, itself included; 0 for all, {@code sliding_window}
 * @param firstWindowedLayer layers below see all
 * @param endTokens tokens that end a text, {@code eos_token_id}; may be empty
 */
public record LlamaConfig(
    String modelType,
    int vocabularySize,
    int positions,
    int width,
    int innerWidth,
    int layers,
    int heads,
    int keyValueHeads,
    int headSize,
    double epsilon,
    boolean queryBias,
    boolean outputBias,
    boolean tied,
    RotaryAngles rotary,
    int window,
    int firstWindowedLayer,
    List<Integer> endTokens)
    implements DecoderConfig {

  static final Set<String> MODEL_TYPES = Set.of("llama", "mistral", "qwen2");

  public LlamaConfig {
    ConfigBounds.tokens("vocab_size", vocabularySize);
    ConfigBounds.tokens("max_position_embeddings", positions);
    ConfigBounds.width("hidden_size", width);
    ConfigBounds.width("intermediate_size", innerWidth);
    ConfigBounds.layers("num_hidden_layers", layers);
    ConfigBounds.width("num_attention_heads", heads);
    ConfigBounds.width("num_key_value_heads", keyValueHeads);
    ConfigBounds.width("head_dim", headSize);
    if (heads % keyValueHeads != 0) {
      throw new IllegalArgumentException(
          "num_key_value_heads: %d (expected: a divisor of num_attention_heads, %d)"
              .formatted(keyValueHeads, heads));
    }
    if (headSize % 2 != 0) {
      throw new IllegalArgumentException("head_dim: " + headSize + " (expected: an even number)");
    }
    ConfigBounds.positive("rms_norm_eps", epsilon);
    if (outputBias && !queryBias) {
      throw new IllegalArgumentException(
          "bias: of the output alone (expected: of queries, keys and values, too)");
    }
    ConfigBounds.knownTokens("eos_token_id", endTokens, vocabularySize);
    endTokens = List.copyOf(endTokens);
  }

  @Override
  public LlamaConfig withEndTokens(List<Integer> tokens) {
    return new LlamaConfig(
        modelType,
        vocabularySize,
        positions,
        width,
        innerWidth,
        layers,
        heads,
        keyValueHeads,
        headSize,
        epsilon,
        queryBias,
        outputBias,
        tied,
        rotary,
        window,
        firstWindowedLayer,
        tokens);
  }

  @Override
  public LlamaConfig headless() {
    return new LlamaConfig(
        modelType,
        vocabularySize,
        positions,
        width,
        innerWidth,
        layers,
        heads,
        keyValueHeads,
        headSize,
        epsilon,
        queryBias,
        outputBias,
        true,
        rotary,
        window,
        firstWindowedLayer,
        endTokens);
  }

  static LlamaConfig read(JsonFile file) {
    var type = file.text("model_type");
    var known =
        new KnownSettings(file)
            .requireOneOf("hidden_act", "silu", Set.of("silu"))
            .requireFlag("mlp_bias", false)
            .requireFlag("rope_interleaved", false)
            .requireNumber("pretraining_tp", 1)
            .requireNumber("partial_rotary_factor", 1)
            .allow("vocab_size", "max_position_embeddings", "hidden_size", "intermediate_size")
            .allow("num_hidden_layers", "num_attention_heads", "num_key_value_heads", "head_dim")
            .allow("rms_norm_eps", "rope_theta", "rope_scaling", "rope_parameters")
            .allow("tie_word_embeddings", "attention_dropout", "is_llama_config");
    var window = SlidingWindow.read(file, type, known);
    boolean attentionBias = type.equals("llama") && file.flag("attention_bias", false);
    if (type.equals("llama")) {
      known.allow("attention_bias");
    }
    known.refuseOthers();
    int width = file.positiveInt("hidden_size");
    int heads = file.positiveInt("num_attention_heads");
    int headSize = file.positiveInt("head_dim", Math.max(1, width / heads));
    if (!file.has("head_dim") && width % heads != 0) {
      throw file.wrong("num_attention_heads", "a divisor of hidden_size = " + width);
    }
    try {
      return new LlamaConfig(
          type,
          file.positiveInt("vocab_size"),
          file.positiveInt("max_position_embeddings", 2048),
          width,
          file.positiveInt("intermediate_size"),
          file.positiveInt("num_hidden_layers"),
          heads,
          file.positiveInt("num_key_value_heads", heads),
          headSize,
          file.number("rms_norm_eps", 1e-6),
          attentionBias || type.equals("qwen2"),
          attentionBias,
          file.flag("tie_word_embeddings", false),
          RotaryAngles.read(file),
          window.size(),
          window.firstLayer(),
          Arrays.stream(file.ints("eos_token_id")).boxed().toList());
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(file.path(), String.valueOf(e.getMessage()), e);
    }
  }

  @Override
  public Map<String, @Nullable Object> json() {
    var json = new LinkedHashMap<String, @Nullable Object>();
    var architecture =
        switch (modelType) {
          case "mistral" -> "MistralForCausalLM";
          case "qwen2" -> "Qwen2ForCausalLM";
          default -> "LlamaForCausalLM";
        };
    json.put("architectures", List.of(architecture));
    json.put("model_type", modelType);
    json.put("vocab_size", vocabularySize);
    json.put("max_position_embeddings", positions);
    json.put("hidden_size", width);
    json.put("intermediate_size", innerWidth);
    json.put("num_hidden_layers", layers);
    json.put("num_attention_heads", heads);
    json.put("num_key_value_heads", keyValueHeads);
    json.put("head_dim", headSize);
    json.put("rms_norm_eps", epsilon);
    json.put("hidden_act", "silu");
    json.put("tie_word_embeddings", tied);
    json.put("rope_theta", rotary.base());
    json.put("rope_scaling", rotary.scaling().json());
    if (modelType.equals("llama")) {
      json.put("attention_bias", queryBias);
    } else {
      json.put("sliding_window", window == 0 ? null : window);
    }
    if (modelType.equals("qwen2")) {
      json.put("use_sliding_window", window > 0);
      json.put("max_window_layers", firstWindowedLayer);
    }
    return json;
  }

  @Override
  public List<TensorShape> tensors() {
    var tensors = new ArrayList<TensorShape>();
    long queries = (long) heads * headSize;
    long keys = (long) keyValueHeads * headSize;
    tensors.add(TensorShape.of("model.embed_tokens.weight", vocabularySize, width));
    for (int layer = 0; layer < layers; layer++) {
      var block = "model.layers." + layer + ".";
      var attention = block + "self_attn.";
      tensors.add(TensorShape.of(block + "input_layernorm.weight", width));
      tensors.add(TensorShape.of(attention + "q_proj.weight", queries, width));
      tensors.add(TensorShape.of(attention + "k_proj.weight", keys, width));
      tensors.add(TensorShape.of(attention + "v_proj.weight", keys, width));
      tensors.add(TensorShape.of(attention + "o_proj.weight", width, queries));
      tensors.add(TensorShape.of(block + "post_attention_layernorm.weight", width));
      tensors.add(TensorShape.of(block + "mlp.gate_proj.weight", innerWidth, width));
      tensors.add(TensorShape.of(block + "mlp.up_proj.weight", innerWidth, width));
      tensors.add(TensorShape.of(block + "mlp.down_proj.weight", width, innerWidth));
      if (queryBias) {
        tensors.add(TensorShape.of(attention + "q_proj.bias", queries));
        tensors.add(TensorShape.of(attention + "k_proj.bias", keys));
        tensors.add(TensorShape.of(attention + "v_proj.bias", keys));
      }
      if (outputBias) {
        tensors.add(TensorShape.of(attention + "o_proj.bias", width));
      }
    }
    tensors.add(TensorShape.of("model.norm.weight", width));
    if (!tied) {
      tensors.add(TensorShape.of("lm_head.weight", vocabularySize, width));
    }
    return List.copyOf(tensors);
  }

  @Override
  public String canonicalName(String name) {
    return name;
  }

  @Override
  public String positionsKey() {
    return "max_position_embeddings";
  }

  @Override
  public boolean transposed() {
    return false;
  }

  @Override
  public String program() {
    return "program/llama.py";
  }

  @Override
  public ProgramSettings settings() {
    return ProgramSettings.NONE
        .with("layers", layers)
        .with("heads", heads)
        .with("key_value_heads", keyValueHeads)
        .with("head_size", headSize)
        .with("epsilon", epsilon)
        .with("query_bias", queryBias)
        .with("output_bias", outputBias)
        .with("tied", tied)
        .with("inverse_frequencies", rotary.inverseFrequencies(headSize))
        .with("window", window)
        .with("first_windowed_layer", window == 0 ? layers : firstWindowedLayer);
  }
}
