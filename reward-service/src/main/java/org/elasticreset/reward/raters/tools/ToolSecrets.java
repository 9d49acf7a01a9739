package org.elasticreset.reward.raters.tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.elasticreset.reward.raters.ToolsSettings.Tool;

/** Secrets of tools, from settings or from the files that settings name. Never shown. */
final class ToolSecrets {

  private ToolSecrets() {}

  /**
   * Of a webhook; none: it is not taken.
   *
   * @param group of settings, for whoever has a file that is not there
   * @throws IllegalArgumentException if the file cannot be read, or has none
   */
  static List<String> ofWebhook(String group, Tool tool) {
    List<String> secrets = new ArrayList<>(tool.webhookSecrets().orElse(List.of()));
    tool.webhookSecretsFile()
        .ifPresent(file -> secrets.addAll(lines(group + ".webhook-secrets-file", file)));
    return secrets;
  }

  /**
   * The key that requests are put into a tool with.
   *
   * @throws IllegalArgumentException if there is none, or two
   */
  static String apiKey(String group, Tool tool) {
    Optional<String> inFile =
        tool.apiKeyFile().map(file -> lines(group + ".api-key-file", file).get(0));
    if (tool.apiKey().isPresent() == inFile.isPresent()) {
      throw new IllegalArgumentException(
          "%s: %s (expected: either api-key or api-key-file, since there is a url)"
              .formatted(group, inFile.isPresent() ? "two keys" : "no key"));
    }
    return tool.apiKey().or(() -> inFile).orElseThrow();
  }

  private static List<String> lines(String key, Path file) {
    try {
      List<String> lines =
          Files.readAllLines(file).stream()
              .map(String::strip)
              .filter(line -> !line.isEmpty() && !line.startsWith("#"))
              .toList();
      if (lines.isEmpty()) {
        throw new IllegalArgumentException(
            "%s: %s is empty (expected: one a line)".formatted(key, file));
      }
      return lines;
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "%s: %s cannot be read (expected: a text file)".formatted(key, file), e);
    }
  }
}
