package org.elasticreset.model.files;

import java.nio.file.Path;

/**
 * A file of a model directory does not say what it must; the message names file, key and value.
 *
 * <p>What comes from the file is cut to a length that fits a log line, its control characters are
 * replaced.
 */
public final class ModelFormatException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private static final int MAX_VALUE = 200;
  private static final int MAX_PROBLEM = 1000;

  /** {@code problem} says what was found and what was expected. */
  public ModelFormatException(Path file, String problem) {
    super(file + ": " + shown(problem, MAX_PROBLEM));
  }

  public ModelFormatException(Path file, String problem, Throwable cause) {
    super(file + ": " + shown(problem, MAX_PROBLEM), cause);
  }

  /** {@code model/config.json: n_head: 7 (expected: a divisor of n_embd = 192)}. */
  public static ModelFormatException of(Path file, String key, Object value, String expected) {
    return new ModelFormatException(
        file,
        shown(key, MAX_VALUE)
            + ": "
            + shown(String.valueOf(value), MAX_VALUE)
            + " (expected: "
            + expected
            + ")");
  }

  private static String shown(String text, int limit) {
    var cut = text.length() <= limit ? text : text.substring(0, limit) + "…";
    return cut.replaceAll("\\p{Cntrl}|\\p{Cf}", "\uFFFD");
  }
}
