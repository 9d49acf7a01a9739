package org.elasticreset.rating.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.elasticreset.rating.tools.PreferenceFile.Imported;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PreferenceFileTest {

  @TempDir Path directory;

  @Test
  void aConversationOfOneQuestionIsAPair() throws IOException {
    String chosen = message("assistant", "42");
    String rejected = message("assistant", "about 40");
    String asked = message("user", "6 × 7?");
    var pair = new Preference("6 × 7?", "42", "about 40");
    assertThat(
            read(
                "{\"prompt\":[%s],\"chosen\":[%s],\"rejected\":[%s]}"
                    .formatted(asked, chosen, rejected)))
        .isEqualTo(new Imported(List.of(pair), 0, 0, 0));
    assertThat(
            read(
                "{\"chosen\":[%s,%s],\"rejected\":[%s,%s]}"
                    .formatted(asked, chosen, asked, rejected)))
        .as("the prompt is what both begin with")
        .isEqualTo(new Imported(List.of(pair), 0, 0, 0));
  }

  @Test
  void longerConversationsAndPairsThatAreAlikeAreLeftOutAndCounted() throws IOException {
    String asked = message("user", "6 × 7?");
    String chosen = message("assistant", "42");
    assertThat(
            read(
                "{\"prompt\":[%s,%s],\"chosen\":[%s],\"rejected\":[%s]}"
                    .formatted(message("system", "Be brief."), asked, chosen, chosen),
                "",
                "{\"prompt\":\"p\",\"chosen\":\"same\",\"rejected\":\"same\"}"))
        .isEqualTo(new Imported(List.of(), 1, 1, 0));
  }

  @Test
  void whatCannotBeUsedIsNamed() {
    assertThatThrownBy(
            () ->
                read(
                    "{\"prompt\":\"p\",\"chosen\":\"a\",\"rejected\":\"b\"}",
                    "{\"prompt\":\"p\",\"chosen\":7,\"rejected\":\"b\"}"))
        .hasMessageEndingWith("pairs.jsonl, line 2: chosen: 7 (expected: text)");
    assertThatThrownBy(() -> read("{\"prompt\":\"p\",\"chosen\":\"a\"}"))
        .hasMessageEndingWith("line 1: rejected: missing (expected: text)");
    assertThatThrownBy(() -> read("{\"chosen\":\"a\",\"rejected\":\"b\"}"))
        .hasMessageEndingWith("line 1: chosen: \"a\" (expected: a list)");
    assertThatThrownBy(() -> read("[1]")).hasMessageEndingWith("(expected: a JSON object)");
  }

  private Imported read(String... lines) throws IOException {
    Path file = directory.resolve("pairs.jsonl");
    Files.write(file, List.of(lines));
    return PreferenceFile.readJsonLines(file);
  }

  private static String message(String role, String content) {
    return "{\"role\":\"%s\",\"content\":\"%s\"}".formatted(role, content);
  }
}
