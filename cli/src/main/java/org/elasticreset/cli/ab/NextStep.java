package org.elasticreset.cli.ab;

/**
 * What a person does after the verdict to ship.
 *
 * @param words for people
 * @param command for a shell; empty where no command does it
 */
public record NextStep(String words, String command) {
  /** On one line. */
  @Override
  public String toString() {
    return command.isEmpty() ? words : words + ": " + command;
  }
}
