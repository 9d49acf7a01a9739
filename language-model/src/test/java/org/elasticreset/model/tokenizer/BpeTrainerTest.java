package org.elasticreset.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.elasticreset.model.files.JsonFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BpeTrainerTest {

  private static final List<String> TEXTS =
      List.of(
          "A quiet film, isn't it? It's 90 minutes of rain and one good joke.",
          "  The rain   falls on the hill; the hill doesn't mind.\nNobody minds. ",
          "Ça coûte 12€ — naïve, ünïcode & 日本語 🎬🎬 \t tabs\r\n");

  @TempDir Path directory;

  @Test
  void learnsTheMostFrequentPairsFirstAndBreaksTiesByTheSmallerIds() {
    new BpeTrainer(256 + 1 + 4).train(Stream.of("low low low lower lowest new newer"), file());

    var model = JsonFile.open(file()).root().get("model");
    // "low" 5 times with a space 4 times; l o: 5, o w: 5, then lo w, then Ġ low …
    assertThat(model.get("merges"))
        .extracting(node -> node.asText())
        .containsExactly("l o", "lo w", "Ġ low", "e r");
    assertThat(model.get("vocab").get("<|endoftext|>").intValue()).isZero();
    assertThat(model.get("vocab").get("!").intValue()).isEqualTo(1);
    assertThat(model.get("vocab").get("lo").intValue()).isEqualTo(257);
  }

  @Test
  void tokenizerTurnsTokensBackIntoTheVeryText() {
    new BpeTrainer(400).train(TEXTS.stream(), file());

    try (var tokenizer = Tokenizer.open(directory)) {
      for (var text : TEXTS) {
        assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
      }
      assertThat(tokenizer.encode("")).isEmpty();
      assertThat(tokenizer.id("<|endoftext|>")).hasValue(0);
    }
  }

  @Test
  void learnedWordsBecomeSingleTokens() {
    new BpeTrainer(300).train(Stream.of("the film was the film of the year of the film"), file());

    try (var tokenizer = Tokenizer.open(directory)) {
      assertThat(tokenizer.encode(" film")).hasSize(1);
      assertThat(tokenizer.encode("<|endoftext|>")).containsExactly(0);
    }
  }

  @Test
  void roundTripsTextOfRandomCharacters() {
    new BpeTrainer(400).train(TEXTS.stream(), file());
    var random = new Random(1);

    try (var tokenizer = Tokenizer.open(directory)) {
      for (int i = 0; i < 200; i++) {
        var text =
            random
                .ints(random.nextInt(30), 1, 0x3000)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
        assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
      }
    }
  }

  @Test
  void lowerCasesWhenAsked() {
    new BpeTrainer(300, true, List.of("[PAD]", "[CLS]")).train(TEXTS.stream(), file());

    try (var tokenizer = Tokenizer.open(directory)) {
      assertThat(tokenizer.encode("The RAIN")).isEqualTo(tokenizer.encode("the rain"));
      assertThat(tokenizer.id("[CLS]")).hasValue(1);
      assertThat(tokenizer.size()).isLessThanOrEqualTo(300);
    }
  }

  @Test
  void stopsWhenNoPairOccursTwice() {
    new BpeTrainer(5000).train(Stream.of("abc"), file());

    try (var tokenizer = Tokenizer.open(directory)) {
      assertThat(tokenizer.size()).isEqualTo(257);
    }
  }

  @Test
  void refusesAVocabularyThatHasNoRoomForTheBytes() {
    assertThatThrownBy(() -> new BpeTrainer(200))
        .hasMessage("vocabulary: 200 (expected: at least 257, the bytes and 1 special tokens)");
  }

  private Path file() {
    return directory.resolve(Tokenizer.FILE);
  }
}
