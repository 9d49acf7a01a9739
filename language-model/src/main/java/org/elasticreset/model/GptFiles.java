package org.elasticreset.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A GPT-2 model directory as Hugging Face's transformers writes and reads it. */
final class GptFiles {

  static final String WEIGHTS = "model.safetensors";
  private static final String CONFIG = "config.json";
  private static final String GENERATION_CONFIG = "generation_config.json";
  private static final String PREFIX = "transformer.";

  /** Names of the one activation that GPT-2 has, the tanh approximation of GELU. */
  private static final Set<String> ACTIVATIONS = Set.of("gelu_new", "gelu_pytorch_tanh");

  private GptFiles() {}

  /**
   * Reads {@code config.json}, with the end tokens of {@code generation_config.json} if it has any.
   */
  static GptConfig readConfig(ModelDirectory directory) {
    var file = JsonFile.open(directory.file(CONFIG));
    if (!file.text("model_type").equals("gpt2")) {
      throw file.wrong("model_type", "gpt2");
    }
    if (!ACTIVATIONS.contains(file.text("activation_function", "gelu_new"))) {
      throw file.wrong("activation_function", String.join(" or ", new TreeSet<>(ACTIVATIONS)));
    }
    requireFlag(file, "tie_word_embeddings", true);
    requireFlag(file, "scale_attn_weights", true);
    requireFlag(file, "scale_attn_by_inverse_layer_idx", false);
    int width = file.positiveInt("n_embd");
    var end =
        directory.has(GENERATION_CONFIG)
            ? JsonFile.open(directory.file(GENERATION_CONFIG)).ints("eos_token_id")
            : new int[0];
    try {
      return new GptConfig(
          file.positiveInt("vocab_size"),
          file.positiveInt("n_positions", 1024),
          width,
          file.positiveInt("n_layer"),
          file.positiveInt("n_head"),
          file.number("layer_norm_epsilon", 1e-5),
          file.positiveInt("n_inner", 4 * width),
          Arrays.stream(end.length > 0 ? end : file.ints("eos_token_id")).boxed().toList());
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(file.path(), String.valueOf(e.getMessage()), e);
    }
  }

  private static void requireFlag(JsonFile file, String key, boolean expected) {
    if (file.flag(key, expected) != expected) {
      throw file.wrong(key, String.valueOf(expected));
    }
  }

  /** Refuses a tokenizer with ids that the model has no embedding for. */
  static void requireFits(ModelDirectory directory, Tokenizer tokenizer, GptConfig config) {
    if (tokenizer.size() > config.vocabularySize()) {
      throw new ModelFormatException(
          directory.file(Tokenizer.FILE),
          tokenizer.size()
              + " tokens (expected: at most vocab_size of config.json, "
              + config.vocabularySize()
              + ")");
    }
  }

  /** The weights; masks and the tied output projection that the file may hold are ignored. */
  static TensorFile openWeights(ModelDirectory directory) {
    // The first GPT-2 files were written without the prefix.
    return TensorFile.open(
        directory.file(WEIGHTS), name -> name.startsWith(PREFIX) ? name : PREFIX + name);
  }

  /** Writes everything; the directory is made if there is none. */
  static void write(
      Path directory,
      GptConfig config,
      Parameters parameters,
      Tokenizer tokenizer,
      SafeTensors.Dtype dtype) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("making directory " + directory, e);
    }
    JsonFile.write(directory.resolve(CONFIG), configJson(config, dtype));
    var generation = JsonFile.MAPPER.createObjectNode();
    putEndTokens(generation, config);
    JsonFile.write(directory.resolve(GENERATION_CONFIG), generation);
    tokenizer.save(directory);
    SafeTensors.write(directory.resolve(WEIGHTS), tensors(parameters), dtype);
  }

  private static JsonNode configJson(GptConfig config, SafeTensors.Dtype dtype) {
    var json = JsonFile.MAPPER.createObjectNode();
    json.putArray("architectures").add("GPT2LMHeadModel");
    json.put("model_type", "gpt2");
    json.put("vocab_size", config.vocabularySize());
    json.put("n_positions", config.positions());
    json.put("n_embd", config.width());
    json.put("n_layer", config.layers());
    json.put("n_head", config.heads());
    json.put("n_inner", config.innerWidth());
    json.put("layer_norm_epsilon", config.layerNormEpsilon());
    json.put("activation_function", "gelu_new");
    json.put("tie_word_embeddings", true);
    // Programs have no dropout; transformers would switch it on in training by default.
    json.put("attn_pdrop", 0.0);
    json.put("embd_pdrop", 0.0);
    json.put("resid_pdrop", 0.0);
    json.put(
        "torch_dtype",
        switch (dtype) {
          case F32 -> "float32";
          case F16 -> "float16";
          case BF16 -> "bfloat16";
        });
    putEndTokens(json, config);
    return json;
  }

  private static void putEndTokens(ObjectNode json, GptConfig config) {
    var tokens = config.endTokens();
    if (tokens.isEmpty()) {
      return;
    }
    // Training text begins with the token that ends a text, as GPT-2's did.
    json.put("bos_token_id", tokens.get(0));
    if (tokens.size() == 1) {
      json.put("eos_token_id", tokens.get(0));
    } else {
      var list = json.putArray("eos_token_id");
      tokens.forEach(list::add);
    }
  }

  private static List<SafeTensors.Tensor> tensors(Parameters parameters) {
    var tensors = new ArrayList<SafeTensors.Tensor>();
    long offset = 0;
    for (var shape : parameters.tensors()) {
      int bytes = Math.toIntExact(shape.count() * Float.BYTES);
      tensors.add(
          new SafeTensors.Tensor(shape.name(), shape.shape(), parameters.read(offset, bytes)));
      offset += bytes;
    }
    return tensors;
  }
}
