package org.elasticreset.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import org.elasticreset.model.files.JsonFile;
import org.elasticreset.model.files.ModelDirectory;
import org.elasticreset.model.files.ModelFormatException;

/**
 * How a model's authors would have it generate: {@code generation_config.json}.
 *
 * @param source names the file in complaints
 * @param sampled {@code do_sample}; else the likeliest token
 * @param temperature logits are divided by it
 * @param topK only the k likeliest tokens; 0 for all
 * @param topP of those, the fewest likeliest whose probabilities reach p
 * @param maxNewTokens of a response, if it is said
 * @param endTokens {@code eos_token_id}, one or several; may be empty
 * @param beginToken {@code bos_token_id}
 * @param paddingToken {@code pad_token_id}
 * @param refused settings that would change what is generated and that are not done here
 */
public record GenerationConfig(
    Path source,
    boolean sampled,
    double temperature,
    int topK,
    double topP,
    OptionalInt maxNewTokens,
    List<Integer> endTokens,
    OptionalInt beginToken,
    OptionalInt paddingToken,
    Map<String, String> refused) {

  static final String FILE = "generation_config.json";

  /** With {@code do_sample}, what transformers takes if the file does not say. */
  private static final int DEFAULT_TOP_K = 50;

  /** Read above, or without influence on the tokens of one response. */
  private static final Set<String> KNOWN =
      Set.of(
          "do_sample",
          "temperature",
          "top_k",
          "top_p",
          "max_new_tokens",
          "max_length",
          "eos_token_id",
          "bos_token_id",
          "pad_token_id",
          "decoder_start_token_id",
          "transformers_version",
          "_from_model_config",
          "use_cache",
          "cache_implementation",
          "cache_config",
          "return_dict_in_generate",
          "output_attentions",
          "output_hidden_states",
          "output_scores",
          "output_logits",
          "num_return_sequences",
          "early_stopping",
          "length_penalty",
          "disable_compile",
          "compile_config",
          "return_legacy_cache",
          "is_assistant",
          "num_assistant_tokens",
          "num_assistant_tokens_schedule",
          "assistant_confidence_threshold",
          "max_matching_ngram_size",
          "prefill_chunk_size",
          "chat_format",
          "max_window_size");

  /** What these settings are when they do nothing; without one, null alone does nothing. */
  private static final Map<String, Double> NEUTRAL =
      Map.ofEntries(
          Map.entry("repetition_penalty", 1.0),
          Map.entry("encoder_repetition_penalty", 1.0),
          Map.entry("no_repeat_ngram_size", 0.0),
          Map.entry("encoder_no_repeat_ngram_size", 0.0),
          Map.entry("diversity_penalty", 0.0),
          Map.entry("num_beams", 1.0),
          Map.entry("num_beam_groups", 1.0),
          Map.entry("typical_p", 1.0),
          Map.entry("min_p", 0.0),
          Map.entry("top_h", 1.0),
          Map.entry("epsilon_cutoff", 0.0),
          Map.entry("eta_cutoff", 0.0),
          Map.entry("penalty_alpha", 0.0),
          Map.entry("guidance_scale", 1.0),
          Map.entry("min_length", 0.0),
          Map.entry("min_new_tokens", 0.0));

  public GenerationConfig {
    endTokens = List.copyOf(endTokens);
    refused = Map.copyOf(refused);
  }

  /**
   * That of a model's directory, if it has one.
   *
   * @throws ModelFormatException if a value is not what its key takes
   */
  public static Optional<GenerationConfig> open(Path directory) {
    var files = new ModelDirectory(directory);
    return files.has(FILE) ? Optional.of(read(JsonFile.open(files.file(FILE)))) : Optional.empty();
  }

  static GenerationConfig read(JsonFile file) {
    var refused = new TreeMap<String, String>();
    for (var setting : file.root().properties()) {
      if (changesTokens(setting.getKey(), setting.getValue())) {
        refused.put(setting.getKey(), setting.getValue().toString());
      }
    }
    return new GenerationConfig(
        file.path(),
        file.flag("do_sample", false),
        between(file, "temperature", 0, Double.MAX_VALUE, 1),
        // Null is none of it; what is not there is the default.
        file.root().has("top_k") ? nonNegative(file, "top_k").orElse(0) : DEFAULT_TOP_K,
        between(file, "top_p", 0, 1, 1),
        nonNegative(file, "max_new_tokens"),
        Arrays.stream(file.ints("eos_token_id")).boxed().toList(),
        firstToken(file, "bos_token_id"),
        firstToken(file, "pad_token_id"),
        refused);
  }

  private static boolean changesTokens(String key, JsonNode value) {
    if (KNOWN.contains(key) || value.isNull()) {
      return false;
    }
    var neutral = NEUTRAL.get(key);
    if (neutral != null && value.isNumber()) {
      return value.doubleValue() != neutral;
    }
    return !(value.isBoolean() && !value.booleanValue()) && !(value.isArray() && value.isEmpty());
  }

  private static double between(
      JsonFile file, String key, double above, double most, double otherwise) {
    double value = file.number(key, otherwise);
    // Some write a temperature of 0 beside do_sample: false.
    if (value < above || value > most) {
      throw file.wrong(key, "%s to %s".formatted(above, most));
    }
    return value;
  }

  private static OptionalInt nonNegative(JsonFile file, String key) {
    if (!file.has(key)) {
      return OptionalInt.empty();
    }
    var value = file.root().path(key);
    if (!value.isInt() || value.intValue() < 0) {
      throw file.wrong(key, "an integer of at least 0");
    }
    return OptionalInt.of(value.intValue());
  }

  private static OptionalInt firstToken(JsonFile file, String key) {
    return Arrays.stream(file.ints(key)).findFirst();
  }

  /**
   * As the file has it.
   *
   * @param maxNewTokens if the file does not say
   * @param maxPromptTokens longer prompts keep their last tokens
   * @throws ModelFormatException if the file asks for what is not done here, by its keys
   */
  public Sampling sampling(int maxNewTokens, int maxPromptTokens) {
    if (!refused.isEmpty()) {
      throw new ModelFormatException(
          source, new TreeMap<>(refused) + " (expected: none of these, which are not supported)");
    }
    if (sampled && (temperature == 0 || topP == 0)) {
      throw new ModelFormatException(
          source,
          "do_sample: true with temperature %s and top_p %s (expected: above 0)"
              .formatted(temperature, topP));
    }
    return new Sampling(
        sampled ? temperature : 1,
        sampled ? topK : 0,
        sampled ? topP : 1,
        !sampled,
        this.maxNewTokens.orElse(maxNewTokens),
        maxPromptTokens,
        endTokens.stream().mapToInt(Integer::intValue).toArray());
  }
}
