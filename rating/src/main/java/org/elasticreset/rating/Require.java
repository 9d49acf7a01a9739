package org.elasticreset.rating;

/** Says which value was wrong and what was expected: {@code overlap: 0 (expected: …)}. */
final class Require {
  private Require() {}

  static void that(boolean holds, String name, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
    }
  }

  static void notBlank(String name, String value) {
    that(!value.isBlank(), name, "'" + value + "'", "not blank");
  }

  static void share(String name, double value) {
    that(0 <= value && value <= 1, name, value, "0 <= " + name + " <= 1");
  }
}
