package org.elasticreset.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.elasticreset.model.files.ModelFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextCorpusTest {

  @TempDir Path directory;

  @Test
  void readsALineADocumentAndSkipsEmptyOnes() throws IOException {
    var file = write("reviews.txt", "First one.\n\n  \nSecond one.\n");

    assertThat(TextCorpus.of(file).read()).containsExactly("First one.", "Second one.");
  }

  @Test
  void readsAColumnOfACompressedTable() throws IOException {
    var file = write("reviews.tsv.gz", "pos\t8\t1\tGood.\nneg\t2\t2\tBad.\n");

    assertThat(new TextCorpus(List.of(file), 4, "text", false).read())
        .containsExactly("Good.", "Bad.");
  }

  @Test
  void readsAFieldOfJsonLines() throws IOException {
    var file = write("reviews.jsonl", "{\"text\":\"Good\\nand long.\",\"stars\":8}\n");

    assertThat(TextCorpus.of(file).read()).containsExactly("Good\nand long.");
  }

  @Test
  void readsSeveralFilesInTheirOrder() throws IOException {
    var one = write("one.txt", "1");
    var two = write("two.txt", "2");

    assertThat(TextCorpus.of(two, one).read()).containsExactly("2", "1");
  }

  @Test
  void stripsHtmlWhenAsked() throws IOException {
    var file = write("a.txt", "One.<br /><br />Two &amp; <i>three</i>, 2 < 3 &lt;b&gt;.");

    assertThat(new TextCorpus(List.of(file), 0, "text", true).read())
        .containsExactly("One.\n\nTwo & three, 2 < 3 <b>.");
    assertThat(TextCorpus.of(file).read().get(0)).contains("<br />");
  }

  @Test
  void namesTheLineThatLacksTheColumn() throws IOException {
    var file = write("a.tsv", "a\tb\nc\n");

    assertThatThrownBy(() -> new TextCorpus(List.of(file), 2, "text", false).read())
        .isInstanceOf(ModelFormatException.class)
        .hasMessage(file + ": line 2: 1 columns (expected: at least 2)");
  }

  @Test
  void namesTheLineThatLacksTheField() throws IOException {
    var file = write("a.jsonl", "{\"body\":\"x\"}");

    assertThatThrownBy(() -> TextCorpus.of(file).read())
        .hasMessage(file + ": line 1, field text: missing (expected: text)");
  }

  @Test
  void refusesFilesWithoutTextAndFilesThatAreNotThere() throws IOException {
    var empty = write("empty.txt", "\n");

    assertThatThrownBy(() -> TextCorpus.of(empty).read()).hasMessageContaining("no text");
    assertThatThrownBy(() -> TextCorpus.of(directory.resolve("none.txt")).read())
        .hasMessageContaining("none.txt: no such file");
  }

  @Test
  void readsJsonLinesBehindAByteOrderMark() throws IOException {
    var file = write("reviews.jsonl", "\uFEFF{\"text\":\"Good.\"}\r\n");

    assertThat(TextCorpus.of(file).read()).containsExactly("Good.");
  }

  @Test
  void refusesTextThatIsNotUtf8() throws IOException {
    var file = directory.resolve("a.txt");
    Files.write(file, "Café.\n".getBytes(StandardCharsets.UTF_16));

    assertThatThrownBy(() -> TextCorpus.of(file).read())
        .hasMessage(file + ": not UTF-8 (expected: text in UTF-8, as iconv -t UTF-8 makes it)");
  }

  @Test
  void spreadsAChoiceOverAllDocuments() {
    assertThat(TextCorpus.spread(List.of("a", "b", "c", "d", "e", "f"), 3))
        .containsExactly("a", "c", "e");
    assertThat(TextCorpus.spread(List.of("a"), 3)).containsExactly("a");
  }

  private Path write(String name, String text) throws IOException {
    var file = directory.resolve(name);
    if (name.endsWith(".gz")) {
      try (var out = new GZIPOutputStream(Files.newOutputStream(file))) {
        out.write(text.getBytes(StandardCharsets.UTF_8));
      }
      return file;
    }
    return Files.writeString(file, text);
  }
}
