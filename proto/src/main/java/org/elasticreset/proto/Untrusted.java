package org.elasticreset.proto;

/** Text that came in a message, on its way into a log, a header or an answer. */
public final class Untrusted {

  private static final int MOST_CHARACTERS = 500;

  private Untrusted() {}

  /**
   * The text as one line of readable length: what could begin a line of its own, move a terminal's
   * cursor or turn the direction of reading is written as an escape, and the rest is cut off.
   */
  public static String shown(String text) {
    var shown = new StringBuilder();
    for (int i = 0; i < text.length() && shown.length() < MOST_CHARACTERS; ) {
      i += append(shown, text.codePointAt(i), false);
    }
    return shown.length() < MOST_CHARACTERS ? shown.toString() : shown + "…";
  }

  /** All of the text for a terminal: with its lines and tabs, and the same escapes for the rest. */
  public static String printable(String text) {
    var printable = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); ) {
      i += append(printable, text.codePointAt(i), true);
    }
    return printable.toString();
  }

  /** The number of chars that the character took in its text. */
  private static int append(StringBuilder shown, int character, boolean lines) {
    if (isHarmless(character) || (lines && (character == '\n' || character == '\t'))) {
      shown.appendCodePoint(character);
    } else {
      shown.append(String.format("\\u%04x", character));
    }
    return Character.charCount(character);
  }

  private static boolean isHarmless(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.PRIVATE_USE,
          Character.SURROGATE,
          Character.UNASSIGNED ->
          false;
      default -> true;
    };
  }
}
