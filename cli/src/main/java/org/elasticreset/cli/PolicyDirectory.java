package org.elasticreset.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.elasticreset.cli.RunConfig.LoraConfig;
import org.elasticreset.model.DecoderConfig;
import org.elasticreset.model.DecoderDirectory;
import org.elasticreset.model.LoraSettings;
import org.elasticreset.model.files.ModelFormatException;
import org.elasticreset.model.tokenizer.Tokenizer;
import org.jspecify.annotations.Nullable;

/** The directory of a policy, as far as a run can be judged by it before it starts. */
record PolicyDirectory(DecoderDirectory decoder) {
  /** The Hub's cache. */
  private static final Pattern CACHED =
      Pattern.compile(".*/models--([^/]+)/snapshots/[^/]+", Pattern.DOTALL);

  private static final List<String> FILES =
      List.of("config.json", "model.safetensors", "tokenizer.json");

  /**
   * Looks into a directory.
   *
   * @throws InvalidInputException naming {@code key}, the path and what is missing or not supported
   */
  static PolicyDirectory open(String key, Path path) {
    if (!Files.isDirectory(path)) {
      throw InvalidInputException.of(key, path, "a model directory; it does not exist");
    }
    for (String file : FILES) {
      if (!Files.isReadable(path.resolve(file))
          && !Files.isReadable(path.resolve(file + ".index.json"))) {
        throw InvalidInputException.of(key, path, "a model directory; " + file + " is missing");
      }
    }
    try {
      return new PolicyDirectory(DecoderDirectory.read(path));
    } catch (ModelFormatException e) {
      throw new InvalidInputException(key + ": " + e.getMessage());
    }
  }

  DecoderConfig config() {
    return decoder.config();
  }

  boolean hasChatTemplate() {
    try {
      return decoder.hasChatTemplate();
    } catch (ModelFormatException e) {
      throw new InvalidInputException("chat: " + e.getMessage());
    }
  }

  /** Tokens of the shortest prompt in the chat template: that, and one letter of a user. */
  int chatTemplateTokens() {
    try (Tokenizer tokenizer = Tokenizer.open(decoder.path())) {
      return tokenizer.encodeChatPrompt("a", config().positions()).length;
    } catch (ModelFormatException | IllegalArgumentException e) {
      throw new InvalidInputException("chat: " + e.getMessage());
    }
  }

  /** What a run trains of it. */
  Optional<LoraSettings> lora(@Nullable LoraConfig lora) {
    if (lora == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          decoder.lora(
              lora.rank(),
              lora.alpha() == null ? OptionalDouble.empty() : OptionalDouble.of(lora.alpha()),
              lora.dropout(),
              Optional.ofNullable(lora.targetModules())));
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(
          "lora." + String.valueOf(e.getMessage()).replace("target_modules", "target-modules"));
    }
  }

  /** The Hub's name of a directory in its cache, else the directory. */
  static String nameOf(Path directory) {
    Matcher cached = CACHED.matcher(directory.toString());
    return cached.matches() ? cached.group(1).replace("--", "/") : directory.toString();
  }
}
