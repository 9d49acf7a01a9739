package org.elasticreset.model.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;

/** Methods of Python's {@code str}, where Java's of the same name do something else. */
final class PythonText {

  /** Characters of a text that grows. */
  static final int MAX = 1 << 20;

  private PythonText() {}

  static String strip(String text) {
    return strip(text, PythonText::space, true, true);
  }

  /** Without the characters that are {@code unwanted} at its ends. */
  static String strip(String text, IntPredicate unwanted, boolean left, boolean right) {
    int from = 0;
    int to = text.length();
    while (left && from < to && unwanted.test(text.charAt(from))) {
      from++;
    }
    while (right && to > from && unwanted.test(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  /** {@code str.isspace} of one character. */
  static boolean space(int character) {
    return Character.isWhitespace(character)
        || Character.isSpaceChar(character)
        || character == '\u0085';
  }

  /** At each {@code separator}, empty parts included; at most {@code most} cuts, -1 for all. */
  static List<String> split(String text, String separator, int most) {
    if (separator.isEmpty()) {
      throw new IllegalArgumentException("split: empty separator (expected: a text)");
    }
    var parts = new ArrayList<String>();
    int from = 0;
    int at = text.indexOf(separator);
    while (at >= 0 && parts.size() != most) {
      parts.add(text.substring(from, at));
      from = at + separator.length();
      at = text.indexOf(separator, from);
    }
    parts.add(text.substring(from));
    return parts;
  }

  /** Every {@code found} by {@code put}, unless the result is longer than {@link #MAX}. */
  static String replace(String text, String found, String put) {
    if (found.isEmpty()) {
      throw new IllegalArgumentException("replace: empty text (expected: one to look for)");
    }
    long length = text.length();
    for (int at = text.indexOf(found); at >= 0; at = text.indexOf(found, at + found.length())) {
      length += put.length() - found.length();
    }
    if (length > MAX) {
      throw new IllegalArgumentException(
          "replace: %d characters (expected: at most %d)".formatted(length, MAX));
    }
    return text.replace(found, put);
  }

  /** At runs of spaces, without empty parts. */
  static List<String> words(String text) {
    var words = new ArrayList<String>();
    int from = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i == text.length() || space(text.charAt(i))) {
        if (i > from) {
          words.add(text.substring(from, i));
        }
        from = i + 1;
      }
    }
    return words;
  }

  static String capitalize(String text) {
    if (text.isEmpty()) {
      return text;
    }
    int first = text.offsetByCodePoints(0, 1);
    return text.substring(0, first).toUpperCase(Locale.ROOT)
        + text.substring(first).toLowerCase(Locale.ROOT);
  }

  /** {@code str.title}: the first letter of each run of letters is large, the others small. */
  static String title(String text) {
    return title(text, Character::isLetter);
  }

  /** The filter {@code title} of Jinja, whose words end at spaces and opening brackets. */
  static String titleWords(String text) {
    return title(text, character -> !space(character) && "-({[<".indexOf(character) < 0);
  }

  private static String title(String text, IntPredicate goesOn) {
    var title = new StringBuilder();
    boolean inWord = false;
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      title.append(inWord ? Character.toLowerCase(character) : Character.toTitleCase(character));
      inWord = goesOn.test(character);
    }
    return title.toString();
  }
}
