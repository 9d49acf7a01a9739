package org.elasticreset.model.text;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Prompts with a response each, from files as {@link TextTable} reads them.
 *
 * @param files read in this order
 * @param prompt column of the prompts
 * @param response column of the responses
 * @param split column that may name a row's part of the data
 */
public record PairCorpus(List<Path> files, String prompt, String response, String split) {

  public PairCorpus {
    files = List.copyOf(files);
  }

  /**
   * Every pair, kept in memory.
   *
   * @throws org.elasticreset.model.files.ModelFormatException naming file, line and column
   */
  public List<PromptResponse> read() {
    var table = new TextTable(List.of(prompt, response), split);
    var pairs = new ArrayList<PromptResponse>();
    for (var file : files) {
      for (var row : table.read(file)) {
        pairs.add(new PromptResponse(row.texts().get(0), row.texts().get(1), row.split()));
      }
    }
    return pairs;
  }
}
