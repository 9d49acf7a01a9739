package org.elasticreset.cli;

/** Texts in commands that people paste. */
final class ShellWord {
  private ShellWord() {}

  /** As one word of a shell. */
  static String of(String text) {
    return text.matches("[\\w./:=@%+-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
  }
}
