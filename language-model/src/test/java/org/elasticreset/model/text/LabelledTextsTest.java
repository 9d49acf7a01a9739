package org.elasticreset.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.elasticreset.model.files.ModelFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabelledTextsTest {

  @TempDir Path directory;

  @Test
  void readsNumberedColumnsWithoutHeader() throws IOException {
    var file = write("texts.tsv", "good\t9\tA fine<br /><br />day.\nbad\t2\tWind  and rain.\n");

    assertThat(LabelledTexts.read(file, "3", "1"))
        .containsExactly(
            new LabelledText("A fine day.", "good"), new LabelledText("Wind and rain.", "bad"));
  }

  @Test
  void readsNamedColumnsFromTheHeader() throws IOException {
    var file = write("texts.tsv", "label\ttext\ngood\tSun.\n");

    assertThat(LabelledTexts.read(file, "text", "label"))
        .containsExactly(new LabelledText("Sun.", "good"));
  }

  @Test
  void readsJsonLinesWithGzip() throws IOException {
    var file = directory.resolve("texts.jsonl.gz");
    try (var out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write("{\"text\": \"Sun.\", \"label\": 1}\n\n".getBytes(StandardCharsets.UTF_8));
    }

    assertThat(LabelledTexts.read(file, "text", "label"))
        .containsExactly(new LabelledText("Sun.", "1"));
  }

  @Test
  void namesTheLineWithoutTheColumn() throws IOException {
    var file = write("texts.tsv", "good\tSun.\nbad\n");

    assertThatThrownBy(() -> LabelledTexts.read(file, "2", "1"))
        .isInstanceOf(ModelFormatException.class)
        .hasMessage(file + ": line 2 (expected: columns 2 and 1)");
  }

  @Test
  void namesTheLineThatIsNoJson() throws IOException {
    var file = write("texts.jsonl", "{\"text\": \"Sun.\", \"label\": \"good\"}\nSun.\n");

    assertThatThrownBy(() -> LabelledTexts.read(file, "text", "label"))
        .hasMessage(file + ": line 2 (expected: a JSON object)");
  }

  @Test
  void refusesAFileThatIsNotThere() {
    assertThatThrownBy(() -> LabelledTexts.read(directory.resolve("no.tsv"), "2", "1"))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining("no.tsv: no such file");
  }

  @Test
  void readsTheHeaderBehindAByteOrderMark() throws IOException {
    var file = write("texts.tsv", "\uFEFFlabel\ttext\r\ngood\tSun.\r\n");

    assertThat(LabelledTexts.read(file, "text", "label"))
        .containsExactly(new LabelledText("Sun.", "good"));
  }

  @Test
  void refusesTextThatIsNotUtf8() throws IOException {
    var file = directory.resolve("texts.tsv");
    Files.write(file, "good\tCafé.\n".getBytes(StandardCharsets.ISO_8859_1));

    assertThatThrownBy(() -> LabelledTexts.read(file, "2", "1"))
        .hasMessage(file + ": not UTF-8 (expected: text in UTF-8, as iconv -t UTF-8 makes it)");
  }

  @Test
  void textsInThePlaceOfLabelsAreRefusedAndNotQuotedWhole() throws IOException {
    var file = write("texts.tsv", "good\t" + "Sun and wind. ".repeat(20) + "\n");

    assertThatThrownBy(() -> LabelledTexts.read(file, "1", "2"))
        .hasMessage(
            "label: Sun and wind. Sun and wind. Sun and wind… of 279 characters (expected: at most"
                + " 100; is it the column of the text?)");
  }

  private Path write(String name, String content) throws IOException {
    return Files.writeString(directory.resolve(name), content);
  }
}
