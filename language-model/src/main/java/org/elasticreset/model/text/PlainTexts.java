package org.elasticreset.model.text;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/** Texts of a file, one a line, as prompts and reviews come. */
public final class PlainTexts {

  private PlainTexts() {}

  /**
   * The lines without the space around them; empty ones and those that begin with {@code #} are
   * left out.
   *
   * @throws java.nio.charset.CharacterCodingException if the file is not UTF-8
   */
  public static List<String> read(Path file) throws IOException {
    try (var reader = TextFile.open(file)) {
      return reader
          .lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .toList();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
