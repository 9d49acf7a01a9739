package org.elasticreset.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChatPromptTest {

  @TempDir Path directory;

  @BeforeEach
  void makeATokenizer() throws IOException {
    new BpeTrainer(270).train(Stream.of("one two one two"), directory.resolve("tokenizer.json"));
    Files.writeString(
        directory.resolve("chat_template.jinja"),
        "{% for m in messages %}[{{ m['role'] }}] {{ m['content'] }}\n{% endfor %}"
            + "{% if add_generation_prompt %}[assistant] {% endif %}");
  }

  @Test
  void isWhatAUserSaysUpToWhereTheAnswerBegins() {
    try (var tokenizer = Tokenizer.open(directory)) {
      assertThat(tokenizer.decode(tokenizer.encodeChatPrompt("one two?", 100)))
          .isEqualTo("[user] one two?\n[assistant] ");
    }
  }

  @Test
  void losesTheBeginningOfWhatTheUserSaysAndNothingOfTheTemplate() {
    try (var tokenizer = Tokenizer.open(directory)) {
      int whole = tokenizer.encodeChatPrompt("abcdefgh", 100).length;
      var cut = tokenizer.encodeChatPrompt("abcdefgh", whole - 3);
      assertThat(cut).hasSizeLessThanOrEqualTo(whole - 3);
      assertThat(tokenizer.decode(cut)).isEqualTo("[user] defgh\n[assistant] ");
    }
  }

  @Test
  void isRefusedWhereTheTemplateAloneIsTooLong() {
    try (var tokenizer = Tokenizer.open(directory)) {
      assertThatThrownBy(() -> tokenizer.encodeChatPrompt("abc", 5))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith(
              "longest prompt: 5 tokens (expected: at least the chat template's");
    }
  }

  @Test
  void isRefusedWithoutATemplate() throws IOException {
    Files.delete(directory.resolve("chat_template.jinja"));
    try (var tokenizer = Tokenizer.open(directory)) {
      assertThatThrownBy(() -> tokenizer.encodeChatPrompt("abc", 50))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("has no chat template");
    }
  }
}
