package org.elasticreset.evidence;

/** Says which value was wrong and what was expected: {@code confidence: 2.0 (expected: …)}. */
final class Require {
  private Require() {}

  static void that(boolean holds, String name, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
    }
  }

  static void finite(String name, double value) {
    that(Double.isFinite(value), name, value, "a finite number");
  }

  static void notBlank(String name, String value) {
    that(!value.isBlank(), name, "'" + value + "'", "not blank");
  }

  static void probability(String name, double value) {
    that(0 < value && value < 1, name, value, "0 < " + name + " < 1");
  }

  static void atLeastTwo(String name, int count) {
    that(count >= 2, name, count, "at least 2: one says nothing about chance");
  }
}
