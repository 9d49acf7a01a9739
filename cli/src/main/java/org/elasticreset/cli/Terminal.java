package org.elasticreset.cli;

import java.io.PrintStream;
import org.elasticreset.proto.Untrusted;

/**
 * What a person watches. On a terminal the last line is rewritten in place; elsewhere every line is
 * printed once. Text may come from models, files and topics of strangers: what would give orders to
 * the terminal is shown as an escape.
 *
 * @param errors where what went wrong is told
 * @param interactive standard output is a terminal, which the launcher script finds out
 */
public record Terminal(PrintStream out, PrintStream errors, boolean interactive, int columns) {
  private static final String CLEAR_TO_END = "\033[K";

  Terminal(PrintStream out, boolean interactive, int columns) {
    this(out, System.err, interactive, columns);
  }

  /** One whose every word goes to a stream that is no terminal. */
  static Terminal of(PrintStream log) {
    return new Terminal(log, log, false, 100);
  }

  /** The user's. */
  public static Terminal current() {
    return new Terminal(
        System.out,
        Boolean.getBoolean("elastic-reset.terminal"),
        Math.max(40, Integer.getInteger("elastic-reset.columns", 100)));
  }

  /** What went wrong, where no output is. */
  static void complain(String text) {
    System.err.println(Untrusted.printable(text));
  }

  /** What went wrong with what this terminal shows. */
  public void problem(String untrusted) {
    clearStatus();
    errors.println(Untrusted.printable(untrusted));
    errors.flush();
  }

  /** A line that stays. */
  public void line(String untrusted) {
    String text = Untrusted.printable(untrusted);
    out.println(interactive ? "\r" + text + CLEAR_TO_END : text);
    out.flush();
  }

  /** A line that the next one replaces; nothing where there is no terminal. */
  public void status(String untrusted) {
    if (interactive) {
      String text = Untrusted.shown(untrusted);
      String fitting = text.length() < columns ? text : text.substring(0, columns - 1);
      out.print("\r" + fitting + CLEAR_TO_END);
      out.flush();
    }
  }

  public void clearStatus() {
    status("");
  }
}
