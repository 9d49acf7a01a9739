package org.elasticreset.model.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.TreeMap;

/**
 * The regular expressions by which known families of models cut a text into words.
 *
 * <p>A pattern of one's own may take exponential time in native code, so a {@code Split} is one of
 * these, to the letter, or is refused. Each of them takes linear time on any text: where two parts
 * can match the same character, giving back is bounded by one run of it.
 */
final class SplitPatterns {

  private static final Map<String, String> FAMILIES =
      new TreeMap<>(
          Map.of(
              "GPT-2",
              "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
              "Llama 3",
              "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}"
                  + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
              "Qwen2",
              "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}"
                  + "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
              "Mistral Tekken",
              "[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]*"
                  + "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]+"
                  + "|[^\\r\\n\\p{L}\\p{N}]?[\\p{Lu}\\p{Lt}\\p{Lm}\\p{Lo}\\p{M}]+"
                  + "[\\p{Ll}\\p{Lm}\\p{Lo}\\p{M}]*"
                  + "|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n/]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"));

  private SplitPatterns() {}

  static String expected() {
    return "{\"Regex\": ...} with the pattern of " + String.join(", ", FAMILIES.keySet());
  }

  /** Whether {@code pattern} is {@code {"Regex": one of them}}. */
  static boolean known(JsonNode pattern) {
    return pattern.size() == 1 && FAMILIES.containsValue(pattern.path("Regex").asText());
  }
}
