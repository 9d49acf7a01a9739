package org.elasticreset.model;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Text to tokens and back, by the {@code tokenizer.json} of a model directory.
 *
 * <p>Encoding adds no special tokens, truncates nothing and pads nothing, whatever the file asks
 * for: prompts and windows are laid out by whoever encodes. Safe for use by several threads.
 */
public final class Tokenizer implements AutoCloseable {

  /** The file this class reads. */
  static final String FILE = "tokenizer.json";

  private static final String CONFIG_FILE = "tokenizer_config.json";

  private final Path source;
  private final JsonNode definition;
  private final @Nullable JsonNode configuration;
  private final Map<String, Integer> ids;
  private final int size;
  private final HuggingFaceTokenizer encoder;

  private Tokenizer(
      Path source,
      JsonFile definition,
      @Nullable JsonNode configuration,
      HuggingFaceTokenizer encoder) {
    this.source = source;
    this.definition = definition.root();
    this.configuration = configuration;
    this.encoder = encoder;
    this.ids = ids(definition);
    this.size = ids.values().stream().mapToInt(Integer::intValue).max().orElse(-1) + 1;
  }

  /**
   * Opens {@code tokenizer.json}, or the one in a model directory.
   *
   * @throws ModelFormatException if there is none or it is not one that Hugging Face's tokenizers
   *     read
   */
  public static Tokenizer open(Path directoryOrFile) {
    boolean directory = Files.isDirectory(directoryOrFile);
    var file = directory ? directoryOrFile.resolve(FILE) : directoryOrFile;
    var definition = JsonFile.open(file);
    var configFile = file.resolveSibling(CONFIG_FILE);
    var configuration =
        directory && Files.exists(configFile) ? JsonFile.open(configFile).root() : null;
    try {
      // The stream constructor reads this one file only and neither configures nor downloads.
      try (var in = Files.newInputStream(file)) {
        var encoder =
            HuggingFaceTokenizer.newInstance(
                in, Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false"));
        return new Tokenizer(file, definition, configuration, encoder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + file, e);
    } catch (ModelFormatException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new ModelFormatException(
          file, "not a tokenizer that Hugging Face's library reads: " + e.getMessage(), e);
    }
  }

  private static Map<String, Integer> ids(JsonFile definition) {
    var ids = new HashMap<String, Integer>();
    var vocabulary = definition.root().path("model").path("vocab");
    if (vocabulary.isObject()) {
      vocabulary
          .properties()
          .forEach(token -> ids.put(token.getKey(), token.getValue().intValue()));
    } else if (vocabulary.isArray()) {
      // Unigram models list [token, score]; the position is the id.
      for (int i = 0; i < vocabulary.size(); i++) {
        ids.put(vocabulary.get(i).path(0).asText(), i);
      }
    } else {
      throw ModelFormatException.of(
          definition.path(), "model.vocab", "missing", "the tokens and their ids");
    }
    for (var token : definition.root().path("added_tokens")) {
      ids.put(token.path("content").asText(), token.path("id").intValue());
    }
    return Map.copyOf(ids);
  }

  /** The tokens of {@code text}; empty for empty text. */
  public int[] encode(String text) {
    return ints(encoder.encode(text, false, false).getIds());
  }

  /** {@link #encode} of each text, on all cores. */
  public List<int[]> encodeAll(List<String> texts) {
    return texts.parallelStream().map(this::encode).toList();
  }

  /** The text of {@code tokens} without special tokens; bytes that are no UTF-8 become U+FFFD. */
  public String decode(int[] tokens) {
    if (tokens.length == 0) {
      return "";
    }
    return encoder.decode(Arrays.stream(tokens).asLongStream().toArray(), true);
  }

  private static int[] ints(long[] ids) {
    var tokens = new int[ids.length];
    for (int i = 0; i < ids.length; i++) {
      tokens[i] = (int) ids[i];
    }
    return tokens;
  }

  /** The number of ids, special tokens included: one more than the largest. */
  public int size() {
    return size;
  }

  /** The id of a token as the file writes it, e.g. {@code <|endoftext|>}. */
  public OptionalInt id(String token) {
    var id = ids.get(token);
    return id == null ? OptionalInt.empty() : OptionalInt.of(id);
  }

  /**
   * Writes {@code tokenizer.json} and {@code tokenizer_config.json} into a directory, in a form
   * that {@code AutoTokenizer.from_pretrained} of transformers opens.
   */
  public void save(Path directory) {
    JsonFile.write(directory.resolve(FILE), definition);
    JsonFile.write(
        directory.resolve(CONFIG_FILE),
        configuration == null ? defaultConfiguration() : configuration);
  }

  private JsonNode defaultConfiguration() {
    var config = JsonFile.MAPPER.createObjectNode();
    config.put("tokenizer_class", "PreTrainedTokenizerFast");
    config.put("clean_up_tokenization_spaces", false);
    nameIfPresent(config, "bos_token", BpeTrainer.END_OF_TEXT);
    nameIfPresent(config, "eos_token", BpeTrainer.END_OF_TEXT);
    nameIfPresent(config, "pad_token", "[PAD]");
    nameIfPresent(config, "cls_token", "[CLS]");
    nameIfPresent(config, "sep_token", "[SEP]");
    nameIfPresent(config, "unk_token", "[UNK]");
    return config;
  }

  private void nameIfPresent(ObjectNode config, String role, String token) {
    if (ids.containsKey(token)) {
      config.put(role, token);
    }
  }

  @Override
  public void close() {
    encoder.close();
  }

  @Override
  public String toString() {
    return "Tokenizer[" + source + ", " + size + " tokens]";
  }
}
