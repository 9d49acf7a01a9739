package org.elasticreset.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.elasticreset.model.files.ModelFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextTableTest {

  private static final TextTable PAIRS =
      new TextTable(List.of("prompt", "response"), TextTable.SPLIT);

  @TempDir Path directory;

  @Test
  void readsFieldsOfJsonLinesAndTheirSplit() throws IOException {
    var file =
        write(
            "pairs.jsonl",
            "{\"id\": 3, \"prompt\": \"one\\nline\", \"response\": \"two\", \"split\": \"test\"}\n"
                + "\n{\"response\": \"b\", \"prompt\": \"a\"}\n");

    var rows = PAIRS.read(file);

    assertThat(rows)
        .extracting(TextTable.Row::texts)
        .containsExactly(List.of("one\nline", "two"), List.of("a", "b"));
    assertThat(rows.get(0).split()).contains("test");
    assertThat(rows.get(1).split()).isEmpty();
    assertThat(rows.get(1).line()).isEqualTo(3);
  }

  @Test
  void findsNamedColumnsInTheHeader() throws IOException {
    var file = write("pairs.tsv", "response\tsplit\tprompt\nb\ttrain\ta\n");

    var rows = PAIRS.read(file);

    assertThat(rows)
        .containsExactly(new TextTable.Row(2, List.of("a", "b"), java.util.Optional.of("train")));
  }

  @Test
  void takesNumbersForColumnsOfFilesWithoutAHeader() throws IOException {
    var file = directory.resolve("pairs.tsv.gz");
    try (var out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write("1\ta\tb\n2\tc\td\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    var rows = new TextTable(List.of("3", "2"), TextTable.SPLIT).read(file);

    assertThat(rows)
        .extracting(TextTable.Row::texts)
        .containsExactly(List.of("b", "a"), List.of("d", "c"));
  }

  @Test
  void namesTheLineAndTheFieldOfABadRow() throws IOException {
    assertRefused("x.jsonl", "{\"prompt\": \"a\"}", "line 1, field response: missing");
    assertRefused(
        "y.jsonl", "{\"prompt\": [\"a\"], \"response\": \"b\"}", "line 1, field prompt: a array");
    assertRefused(
        "z.jsonl",
        "{\"prompt\": \"a\", \"response\": \"b\"}\n[1]",
        "line 2 (expected: a JSON object)");
    assertRefused(
        "w.jsonl", "{\"prompt\": \"a\", \"response\": \" \"}", "line 1, field response: empty");
    assertRefused("v.jsonl", "{\"prompt\": ", "line 1 is not JSON");
    assertRefused("a.tsv", "prompt\tanswer\nx\ty", "line 1 has no column response");
    assertRefused("b.tsv", "prompt\tresponse\nx\ty\nz", "line 3, column response: missing");
    assertRefused("c.tsv", "prompt\tresponse\nx\t ", "line 2, column response: empty");
    assertRefused("d.tsv", "prompt\tresponse\n", "no rows");
  }

  private void assertRefused(String name, String content, String message) throws IOException {
    var file = write(name, content);
    assertThatThrownBy(() -> PAIRS.read(file))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageContaining(name)
        .hasMessageContaining(message);
  }

  private Path write(String name, String content) throws IOException {
    return Files.writeString(directory.resolve(name), content);
  }
}
