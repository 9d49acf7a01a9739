package org.elasticreset.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;

/** Scores and tokens are sacreBLEU's, as {@code src/test/fixtures/bleu.py} wrote them down. */
class BleuTest {
  private static final Path FILES = Path.of("src", "test", "resources", "bleu");

  private record Corpus(
      double score, double penalty, List<String> hypotheses, List<String> references) {}

  @Example
  void scoresEveryCorpusAsSacreBleuDoes() throws IOException {
    List<Corpus> corpora = corpora();

    assertThat(corpora).hasSizeGreaterThan(60);
    for (Corpus corpus : corpora) {
      Bleu bleu = Bleu.of(corpus.hypotheses(), corpus.references());
      assertThat(bleu.score()).as("%s", corpus).isCloseTo(corpus.score(), within(1e-9));
      assertThat(bleu.brevityPenalty()).as("%s", corpus).isCloseTo(corpus.penalty(), within(1e-12));
    }
  }

  @Example
  void splitsEveryTextAsSacreBleuDoes() throws IOException {
    for (String line : Files.readAllLines(FILES.resolve("tokens.txt"))) {
      int tab = line.indexOf('\t');
      String text = text(line.substring(0, tab));

      assertThat(String.join(" ", BleuTokens.of(text))).as(text).isEqualTo(line.substring(tab + 1));
    }
  }

  @Example
  void aPerfectTranslationScoresAHundred() {
    List<String> texts = List.of("Four words are enough.");

    assertThat(Bleu.of(texts, texts).score()).isCloseTo(100, within(1e-9));
  }

  @Example
  void countsNoWordOftenerThanTheReferenceHasIt() {
    Bleu bleu = Bleu.of(List.of("the the the the"), List.of("the cat sat on the mat"));

    assertThat(bleu.matched()).containsExactly(2, 0, 0, 0);
    assertThat(bleu.counted()).containsExactly(4, 3, 2, 1);
  }

  @Example
  void refusesAHypothesisWithoutItsReference() {
    assertThatThrownBy(() -> Bleu.of(List.of("a", "b"), List.of("a")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("hypotheses: 2 elements (expected: 1, as references)");
  }

  @Example
  void refusesACorpusOfNothing() {
    assertThatThrownBy(() -> Bleu.of(List.of(), List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("hypotheses: none (expected: at least one)");
  }

  private static List<Corpus> corpora() throws IOException {
    List<Corpus> corpora = new ArrayList<>();
    // Not readAllLines, which also ends lines where the texts have other separators.
    for (String line : Files.readString(FILES.resolve("corpora.txt")).split("\n")) {
      if (line.startsWith("corpus ")) {
        String[] words = line.split(" ");
        corpora.add(
            new Corpus(
                Double.parseDouble(words[1]),
                Double.parseDouble(words[2]),
                new ArrayList<>(),
                new ArrayList<>()));
      } else {
        int tab = line.indexOf('\t');
        Corpus corpus = corpora.get(corpora.size() - 1);
        corpus.hypotheses().add(text(line.substring(0, tab)));
        corpus.references().add(text(line.substring(tab + 1)));
      }
    }
    return corpora;
  }

  private static String text(String written) {
    return written.translateEscapes();
  }
}
