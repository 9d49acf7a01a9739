package org.elasticreset.model.text;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A prompt, and what its response can be held against.
 *
 * @param references by name, such as {@code en} and {@code de} for two translations; often none
 */
public record PromptText(String text, Map<String, String> references) {

  /** In the order of their names, whatever order they came in. */
  public PromptText {
    references = Collections.unmodifiableMap(new TreeMap<>(references));
  }

  /** A prompt alone. */
  public static PromptText of(String text) {
    return new PromptText(text, Map.of());
  }
}
