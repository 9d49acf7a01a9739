package org.elasticreset.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.elasticreset.model.chat.ChatTemplate;
import org.elasticreset.model.files.JsonFile;
import org.elasticreset.model.files.ModelDirectory;
import org.elasticreset.model.files.ModelFormatException;
import org.jspecify.annotations.Nullable;

/**
 * The small files beside a {@code tokenizer.json}: which tokens begin, end and fill a text, and how
 * a conversation becomes one. They are kept as they came, byte for byte, for whoever saves the
 * tokenizer.
 */
public final class TokenizerFiles {

  public static final String CONFIGURATION = "tokenizer_config.json";
  static final String SPECIAL_TOKENS = "special_tokens_map.json";
  static final String CHAT_TEMPLATE = "chat_template.jinja";

  private static final String TEMPLATE_KEY = "chat_template";
  private static final Set<String> LLAMA_CLASSES = Set.of("LlamaTokenizer", "LlamaTokenizerFast");
  private static final int MAX_TOKEN = 256;
  private static final int MAX_TEMPLATE_BYTES = 1 << 20;

  private final Map<String, byte[]> kept = new TreeMap<>();
  private final Map<SpecialToken, String> roles = new EnumMap<>(SpecialToken.class);
  private final @Nullable JsonFile configuration;
  private final @Nullable Path templateFile;

  private TokenizerFiles(@Nullable ModelDirectory directory) {
    configuration = directory == null ? null : read(directory, CONFIGURATION);
    var specialTokens = directory == null ? null : read(directory, SPECIAL_TOKENS);
    templateFile = directory == null ? null : readTemplate(directory);
    if (configuration != null) {
      readRoles(configuration);
    }
    if (specialTokens != null) {
      readRoles(specialTokens);
    }
  }

  static TokenizerFiles none() {
    return new TokenizerFiles(null);
  }

  /** Those of {@code directory} that are there. */
  public static TokenizerFiles read(ModelDirectory directory) {
    return new TokenizerFiles(directory);
  }

  private @Nullable JsonFile read(ModelDirectory directory, String name) {
    if (!directory.has(name)) {
      return null;
    }
    var file = JsonFile.open(directory.file(name));
    kept.put(name, file.bytes());
    return file;
  }

  private @Nullable Path readTemplate(ModelDirectory directory) {
    if (!directory.has(CHAT_TEMPLATE)) {
      return null;
    }
    var file = directory.file(CHAT_TEMPLATE);
    try (var in = Files.newInputStream(file)) {
      var bytes = in.readNBytes(MAX_TEMPLATE_BYTES + 1);
      if (bytes.length > MAX_TEMPLATE_BYTES) {
        throw new ModelFormatException(
            file, "too long (expected: at most " + MAX_TEMPLATE_BYTES + " bytes)");
      }
      kept.put(CHAT_TEMPLATE, bytes);
      return file;
    } catch (IOException e) {
      throw new ModelFormatException(file, "cannot be read: " + e.getMessage(), e);
    }
  }

  /**
   * That of {@code chat_template.jinja}, else of the configuration: a text, or a list of named ones
   * of which {@code default} is taken.
   */
  public Optional<ChatTemplate> chatTemplate(Clock clock) {
    if (templateFile != null) {
      var text = new String(kept.get(CHAT_TEMPLATE), StandardCharsets.UTF_8);
      return Optional.of(new ChatTemplate(templateFile, text, specialTokens(), clock));
    }
    if (configuration == null || !configuration.has(TEMPLATE_KEY)) {
      return Optional.empty();
    }
    var node = configuration.root().path(TEMPLATE_KEY);
    for (var named : node.isArray() ? node : JsonFile.MAPPER.createArrayNode()) {
      if (named.path("name").asText().equals("default")) {
        node = named.path("template");
      }
    }
    if (!node.isTextual()) {
      throw configuration.wrong(TEMPLATE_KEY, "a text, or a list with one named default");
    }
    return Optional.of(
        new ChatTemplate(configuration.path(), node.textValue(), specialTokens(), clock));
  }

  /** As templates name them, by the keys of {@code tokenizer_config.json}. */
  private Map<String, String> specialTokens() {
    var tokens = new HashMap<String, String>();
    roles.forEach((role, token) -> tokens.put(role.key(), token));
    return tokens;
  }

  /** A role is a string, an {@code AddedToken} with its {@code content}, or null. */
  private void readRoles(JsonFile file) {
    for (var role : SpecialToken.values()) {
      JsonNode value = file.root().path(role.key());
      if (value.isMissingNode() || value.isNull()) {
        continue;
      }
      var text = value.isObject() ? value.path("content") : value;
      if (!text.isTextual() || text.textValue().length() > MAX_TOKEN) {
        throw file.wrong(role.key(), "a token, or an object with its content, or null");
      }
      // The configuration's word comes first, as in transformers.
      roles.putIfAbsent(role, text.textValue());
    }
  }

  /**
   * The special tokens around a text, where the configuration's class says them and not the
   * post-processor: transformers' Llama tokenizers put theirs in its place.
   */
  TokenFrame frame(TokenFrame otherwise, Map<String, Integer> ids) {
    if (configuration == null
        || !LLAMA_CLASSES.contains(configuration.root().path("tokenizer_class").asText())) {
      return otherwise;
    }
    return new TokenFrame(
        added("add_bos_token", true, SpecialToken.BOS, "<s>", ids),
        added("add_eos_token", false, SpecialToken.EOS, "</s>", ids));
  }

  private int[] added(
      String flag, boolean otherwise, SpecialToken role, String token, Map<String, Integer> ids) {
    if (configuration == null || !configuration.flag(flag, otherwise)) {
      return new int[0];
    }
    var id = ids.get(role(role).orElse(token));
    if (id == null) {
      throw configuration.wrong(role.key(), "a token of the vocabulary, for " + flag);
    }
    return new int[] {id};
  }

  /** Whether what is too long keeps its end: {@code truncation_side} of the configuration. */
  boolean keepsEnd() {
    if (configuration == null || !configuration.has("truncation_side")) {
      return false;
    }
    var side = configuration.text("truncation_side");
    if (!side.equals("left") && !side.equals("right")) {
      throw configuration.wrong("truncation_side", "left or right");
    }
    return side.equals("left");
  }

  Optional<String> role(SpecialToken role) {
    return Optional.ofNullable(roles.get(role));
  }

  Optional<JsonFile> configuration() {
    return Optional.ofNullable(configuration);
  }

  /** Writes what came with the tokenizer. */
  void save(Path directory) {
    kept.forEach(
        (name, bytes) -> {
          try {
            Files.write(directory.resolve(name), bytes);
          } catch (IOException e) {
            throw new UncheckedIOException("writing " + directory.resolve(name), e);
          }
        });
  }
}
