package org.elasticreset.learner;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.elasticreset.model.files.ModelFormatException;
import org.elasticreset.model.text.PlainTexts;
import org.elasticreset.model.text.PromptText;
import org.elasticreset.model.text.PromptTexts;

/** The texts of the files that a setting names. */
final class TextLines {

  private TextLines() {}

  /** The texts of all the files, in order; at least one each. */
  static List<String> read(String key, List<Path> paths) {
    return read(key, paths, PlainTexts::read);
  }

  /** The prompts of all the files, with their references; at least one each. */
  static List<PromptText> prompts(String key, List<Path> paths) {
    try {
      return read(key, paths, PromptTexts::read);
    } catch (ModelFormatException e) {
      throw new InvalidSettingsException("learner." + key + ": " + e.getMessage());
    }
  }

  private static <T> List<T> read(String key, List<Path> paths, Reader<T> reader) {
    List<T> texts = new ArrayList<>();
    for (Path path : paths) {
      int before = texts.size();
      try {
        texts.addAll(reader.read(path));
      } catch (IOException e) {
        throw new InvalidSettingsException(
            "learner." + key + ": " + path + " (expected: a readable UTF-8 text file; " + e + ")");
      }
      if (texts.size() == before) {
        throw new InvalidSettingsException(
            "learner." + key + ": " + path + " (expected: at least one line of text)");
      }
    }
    return List.copyOf(texts);
  }

  /** Reads one file. */
  private interface Reader<T> {
    List<T> read(Path file) throws IOException;
  }
}
