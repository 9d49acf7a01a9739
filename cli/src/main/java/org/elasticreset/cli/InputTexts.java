package org.elasticreset.cli;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.elasticreset.model.files.ModelFormatException;
import org.elasticreset.model.text.PlainTexts;
import org.elasticreset.model.text.PromptText;
import org.elasticreset.model.text.PromptTexts;

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
    return read(key, file, PlainTexts::read);
  }

  /**
   * At least one prompt, with what its response can be held against.
   *
   * @param key the setting
   * @throws InvalidInputException naming it, and what is wrong with the file
   */
  static List<PromptText> prompts(String key, Path file) {
    try {
      return read(key, file, PromptTexts::read);
    } catch (ModelFormatException e) {
      throw new InvalidInputException(key + ": " + e.getMessage());
    }
  }

  private static <T> List<T> read(String key, Path file, Reader<T> reader) {
    if (!Files.isRegularFile(file)) {
      throw InvalidInputException.of(key, file, "a text file; it does not exist");
    }
    try {
      List<T> texts = reader.read(file);
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

  /** Reads one file. */
  private interface Reader<T> {
    List<T> read(Path file) throws IOException;
  }
}
