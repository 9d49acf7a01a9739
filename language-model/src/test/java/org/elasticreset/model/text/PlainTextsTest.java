package org.elasticreset.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlainTextsTest {

  @TempDir private Path directory;

  @Test
  void leavesOutEmptyLinesAndComments() throws IOException {
    Path file = Files.writeString(directory.resolve("a.txt"), " One. \r\n\n # no\nTwo #2.");

    assertThat(PlainTexts.read(file)).containsExactly("One.", "Two #2.");
  }

  @Test
  void commentBehindAByteOrderMarkIsOne() throws IOException {
    Path file = Files.writeString(directory.resolve("a.txt"), "\uFEFF# no\nOne.\n");

    assertThat(PlainTexts.read(file)).containsExactly("One.");
  }

  @Test
  void anotherEncodingIsNotGuessedAt() throws IOException {
    Path file = directory.resolve("a.txt");
    Files.write(file, "Café.\n".getBytes(StandardCharsets.ISO_8859_1));

    assertThatThrownBy(() -> PlainTexts.read(file)).isInstanceOf(CharacterCodingException.class);
  }
}
