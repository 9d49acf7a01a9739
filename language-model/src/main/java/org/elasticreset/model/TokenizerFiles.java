package org.elasticreset.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The small files beside a {@code tokenizer.json}: which tokens begin, end and fill a text, and how
 * a conversation becomes one. They are kept as they came, byte for byte, for whoever saves the
 * tokenizer.
 */
final class TokenizerFiles {

  static final String CONFIGURATION = "tokenizer_config.json";
  static final String SPECIAL_TOKENS = "special_tokens_map.json";
  static final String CHAT_TEMPLATE = "chat_template.jinja";

  private static final int MAX_TOKEN = 256;

  private final Map<String, byte[]> kept = new TreeMap<>();
  private final Map<SpecialToken, String> roles = new EnumMap<>(SpecialToken.class);
  private final @Nullable JsonFile configuration;

  private TokenizerFiles(@Nullable ModelDirectory directory) {
    configuration = directory == null ? null : read(directory, CONFIGURATION);
    var specialTokens = directory == null ? null : read(directory, SPECIAL_TOKENS);
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
  static TokenizerFiles read(ModelDirectory directory) {
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
