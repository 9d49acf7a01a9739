package org.elasticreset.model.text;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.elasticreset.model.files.ModelFormatException;

/**
 * Reads preferences: a prompt, a better and a worse answer in a row, as {@link TextTable} finds
 * them.
 *
 * @param prompt column of the prompts
 * @param chosen column of the better answers
 * @param rejected column of the worse answers
 */
public record PreferencePairs(String prompt, String chosen, String rejected) {

  /** What TRL's reward trainer reads: {@code prompt}, {@code chosen}, {@code rejected}. */
  public static final PreferencePairs TRL = new PreferencePairs("prompt", "chosen", "rejected");

  /** The columns of the data set {@code lvwerra/stack-exchange-paired}. */
  public static final PreferencePairs STACK_EXCHANGE =
      new PreferencePairs("question", "response_j", "response_k");

  /**
   * Every pair of the files, kept in memory.
   *
   * @throws ModelFormatException naming file, line and column if a row is not whole, or its two
   *     answers are the same
   */
  public List<PreferencePair> read(List<Path> files) {
    var table = new TextTable(List.of(prompt, chosen, rejected), TextTable.SPLIT);
    var pairs = new ArrayList<PreferencePair>();
    for (var file : files) {
      for (var row : table.read(file)) {
        var texts = row.texts();
        if (texts.get(1).equals(texts.get(2))) {
          throw new ModelFormatException(
              file,
              "line %d: %s and %s are the same (expected: a better and a worse answer)"
                  .formatted(row.line(), chosen, rejected));
        }
        pairs.add(new PreferencePair(texts.get(0), texts.get(1), texts.get(2), row.split()));
      }
    }
    return pairs;
  }
}
