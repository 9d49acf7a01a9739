package org.elasticreset.algorithm;

/**
 * Says which value was wrong and what was expected: {@code decay: 1.5 (expected: 0 < decay < 1)}.
 */
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

  static void notNegative(String name, long value) {
    that(value >= 0, name, value, name + " >= 0");
  }

  static void notBlank(String name, String value) {
    that(!value.isBlank(), name, "'" + value + "'", "not blank");
  }

  static void sameLength(String name, int length, String other, int otherLength) {
    that(length == otherLength, name, length + " elements", otherLength + ", as " + other);
  }
}
