package org.elasticreset.model.files;

import java.util.List;

/**
 * Bounds on the sizes of an architecture, far above any model there is: no product of sizes
 * overflows and no list gets long.
 */
public final class ConfigBounds {

  static final int MAX_TOKENS = 1 << 24;
  static final int MAX_WIDTH = 1 << 20;
  static final int MAX_LAYERS = 1000;

  private ConfigBounds() {}

  public static void tokens(String key, int value) {
    within(key, value, MAX_TOKENS);
  }

  public static void width(String key, int value) {
    within(key, value, MAX_WIDTH);
  }

  public static void layers(String key, int value) {
    within(key, value, MAX_LAYERS);
  }

  public static void positive(String key, double value) {
    if (!(value > 0 && Double.isFinite(value))) {
      throw new IllegalArgumentException(key + ": " + value + " (expected: above 0, finite)");
    }
  }

  public static void knownTokens(String key, List<Integer> tokens, int vocabularySize) {
    for (int token : tokens) {
      if (token < 0 || token >= vocabularySize) {
        throw new IllegalArgumentException(
            key + ": " + token + " (expected: 0 to " + (vocabularySize - 1) + ")");
      }
    }
  }

  private static void within(String key, int value, int most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(key + ": " + value + " (expected: 1 to " + most + ")");
    }
  }
}
