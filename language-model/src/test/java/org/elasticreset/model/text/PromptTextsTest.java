package org.elasticreset.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.elasticreset.model.files.ModelFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PromptTextsTest {

  private static final PromptText TREE =
      new PromptText("Un arbre", Map.of("en", "A tree", "de", "Ein Baum"));

  @TempDir Path directory;

  @Test
  void readsColumnsByTheirNames() throws IOException {
    var file =
        write("p.tsv", "# made up\nen\tprompt\tde\n\n A tree\tUn arbre \tEin Baum\n# left out\n");

    assertThat(PromptTexts.read(file)).containsExactly(TREE);
  }

  @Test
  void readsFieldsByTheirNames() throws IOException {
    var file =
        write("p.jsonl", "{\"prompt\": \"Un arbre\", \"en\": \"A tree\", \"de\": \"Ein Baum\"}\n");

    assertThat(PromptTexts.read(file)).containsExactly(TREE);
  }

  @Test
  void takesLinesOfPlainTextAsTheyAre() throws IOException {
    var file = write("p.txt", "prompt\tof two columns\n# left out\n");

    assertThat(PromptTexts.read(file)).containsExactly(PromptText.of("prompt\tof two columns"));
  }

  @Test
  void namesTheLineThatLacksAColumn() throws IOException {
    var file = write("p.tsv", "prompt\tde\nUn arbre\n");

    assertThatThrownBy(() -> PromptTexts.read(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage(file + ": line 2, columns: 1 (expected: 2, as the header has)");
  }

  @Test
  void namesTheColumnThatIsEmpty() throws IOException {
    var file = write("p.tsv", "prompt\tde\nUn arbre\t \n");

    assertThatThrownBy(() -> PromptTexts.read(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage(file + ": line 2, de: nothing (expected: a text)");
  }

  @Test
  void wantsAColumnOfPrompts() throws IOException {
    var file = write("p.tsv", "fr\tde\nUn arbre\tEin Baum\n");

    assertThatThrownBy(() -> PromptTexts.read(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageEndingWith("(expected: names of columns, one of them prompt)");
  }

  @Test
  void wantsAFieldOfPrompts() throws IOException {
    var file = write("p.jsonl", "{\"de\": \"Ein Baum\"}\n");

    assertThatThrownBy(() -> PromptTexts.read(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage(file + ": line 1, prompt: nothing (expected: a text)");
  }

  @Test
  void saysWhatIsNoJson() throws IOException {
    var file = write("p.jsonl", "Un arbre\n");

    assertThatThrownBy(() -> PromptTexts.read(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageStartingWith(file + ": line 1 is not JSON: ");
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }
}
