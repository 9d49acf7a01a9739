package org.elasticreset.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.elasticreset.model.text.PlainTexts;

/** The texts of a file that an option or a setting names. */
final class InputTexts {
  private InputTexts() {}

  /**
   * At least one text.
   *
   * @param key the option or setting
   * @throws InvalidInputException naming it, and what is wrong with the file
   */
  static List<String> read(String key, Path file) {
    if (!Files.isRegularFile(file)) {
      throw InvalidInputException.of(key, file, "a text file; it does not exist");
    }
    try {
      List<String> texts = PlainTexts.read(file);
      if (texts.isEmpty()) {
        throw InvalidInputException.of(key, file, "at least one line of text; it has none");
      }
      return texts;
    } catch (CharacterCodingException e) {
      throw InvalidInputException.of(key, file, "a text file in UTF-8");
    } catch (IOException e) {
      throw InvalidInputException.of(key, file, "a text file; it cannot be read");
    }
  }
}
