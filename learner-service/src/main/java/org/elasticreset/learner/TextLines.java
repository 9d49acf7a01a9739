package org.elasticreset.learner;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.elasticreset.model.text.PlainTexts;

/** The texts of the files that a setting names. */
final class TextLines {

  private TextLines() {}

  /** The texts of all the files, in order; at least one each. */
  static List<String> read(String key, List<Path> paths) {
    List<String> texts = new ArrayList<>();
    for (Path path : paths) {
      int before = texts.size();
      try {
        texts.addAll(PlainTexts.read(path));
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
}
