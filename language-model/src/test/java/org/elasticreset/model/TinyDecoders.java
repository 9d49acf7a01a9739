package org.elasticreset.model;

import java.util.List;
import java.util.Optional;

/** Shapes of 20 tokens and 12 positions that differ in everything a decoder can differ in. */
enum TinyDecoders {
  GPT2(new GptConfig(20, 12, 16, 2, 4)),
  GPT2_WITH_ADAPTERS(
      new GptConfig(20, 12, 16, 2, 4), new LoraSettings(3, 6, 0, List.of("c_attn", "mlp.c_proj"))),
  LLAMA(llama("llama", 4, 4, false, false, false, 0)),
  LLAMA_TIED_WITH_SHARED_KEYS(llama("llama", 4, 2, false, false, true, 0)),
  LLAMA_WITH_BIASES(llama("llama", 4, 1, true, true, false, 0)),
  QWEN2(llama("qwen2", 4, 2, true, false, true, 0)),
  MISTRAL_WITH_A_WINDOW(llama("mistral", 4, 2, false, false, false, 3)),
  QWEN2_WITH_A_WINDOW(llama("qwen2", 4, 1, true, false, false, 3)),
  LLAMA_WITH_ADAPTERS(
      llama("llama", 4, 2, false, false, true, 0),
      new LoraSettings(3, 6, 0, List.of(LoraSettings.ALL_LINEAR))),
  LLAMA_WITH_ADAPTERS_THAT_DROP(
      llama("llama", 4, 2, false, false, true, 0),
      new LoraSettings(3, 6, 0.3, List.of("q_proj", "v_proj")));

  final DecoderConfig config;
  private final Optional<LoraSettings> lora;

  TinyDecoders(DecoderConfig config) {
    this.config = config;
    this.lora = Optional.empty();
  }

  TinyDecoders(DecoderConfig config, LoraSettings lora) {
    this.config = config;
    this.lora = Optional.of(lora);
  }

  /** A new model without a tokenizer, far from uniform; adapters far from zero. */
  CausalLanguageModel create(long seed) {
    var model =
        CausalLanguageModel.initialise(
            config, null, new ModelSettings(Precision.FLOAT32, lora, seed));
    SharpModels.scale(model.weights(), 8);
    if (lora.isPresent()) {
      SharpModels.spread(model.parameters(), 0.3, seed);
    }
    return model;
  }

  private static LlamaConfig llama(
      String type,
      int heads,
      int keyValueHeads,
      boolean queryBias,
      boolean outputBias,
      boolean tied,
      int window) {
    return new LlamaConfig(
        type,
        20,
        12,
        16,
        24,
        2,
        heads,
        keyValueHeads,
        6,
        1e-5,
        queryBias,
        outputBias,
        tied,
        new RotaryAngles(100, new RotaryAngles.Unscaled()),
        window,
        type.equals("qwen2") && window > 0 ? 1 : 0,
        List.of());
  }
}
