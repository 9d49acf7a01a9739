package org.elasticreset.model;

import java.nio.file.Path;

/** A file of a model directory does not say what it must; the message names file, key and value. */
public final class ModelFormatException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** {@code problem} says what was found and what was expected. */
  public ModelFormatException(Path file, String problem) {
    super(file + ": " + problem);
  }

  public ModelFormatException(Path file, String problem, Throwable cause) {
    super(file + ": " + problem, cause);
  }

  /** {@code model/config.json: n_head: 7 (expected: a divisor of n_embd = 192)}. */
  public static ModelFormatException of(Path file, String key, Object value, String expected) {
    return new ModelFormatException(file, key + ": " + value + " (expected: " + expected + ")");
  }
}
