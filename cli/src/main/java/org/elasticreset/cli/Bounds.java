package org.elasticreset.cli;

import java.util.List;
import java.util.function.DoublePredicate;

/** A condition on a number, read from the words a person reads: {@code 0 < decay <= 1}. */
final class Bounds {
  private final DoublePredicate condition;

  private Bounds(DoublePredicate condition) {
    this.condition = condition;
  }

  boolean contain(double value) {
    return condition.test(value);
  }

  /**
   * Reads {@code low < name}, {@code name >= low} or {@code low <= name < high}.
   *
   * @throws IllegalArgumentException if it is none of these
   */
  static Bounds parse(String expected) {
    List<String> words = List.of(expected.split(" "));
    if (words.size() == 3) {
      return new Bounds(comparison(words));
    }
    if (words.size() == 5) {
      DoublePredicate low = comparison(words.subList(0, 3));
      return new Bounds(low.and(comparison(words.subList(2, 5))));
    }
    throw new IllegalArgumentException("not a condition: " + expected);
  }

  private static DoublePredicate comparison(List<String> words) {
    boolean numberFirst = isNumber(words.get(0));
    double bound = Double.parseDouble(words.get(numberFirst ? 0 : 2));
    return switch (words.get(1)) {
      case "<" -> numberFirst ? value -> bound < value : value -> value < bound;
      case "<=" -> numberFirst ? value -> bound <= value : value -> value <= bound;
      case ">" -> numberFirst ? value -> bound > value : value -> value > bound;
      case ">=" -> numberFirst ? value -> bound >= value : value -> value >= bound;
      default -> throw new IllegalArgumentException("not a comparison: " + words);
    };
  }

  private static boolean isNumber(String word) {
    return Character.isDigit(word.charAt(0)) || word.charAt(0) == '-';
  }
}
