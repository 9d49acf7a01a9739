package org.elasticreset.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.elasticreset.model.files.ModelFormatException;
import org.elasticreset.model.tokenizer.Tokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a classifier of someone else's reads of a text. */
class ClassifierInputTest {

  private static final int CLS = 4;
  private static final int SEP = 5;

  private static final String FRAMED =
      """
      {"version": "1.0", "added_tokens": [], "normalizer": null,
       "pre_tokenizer": {"type": "BertPreTokenizer"},
       "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 5], "cls": ["[CLS]", 4]},
       "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": true},
       "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##",
         "max_input_chars_per_word": 100,
         "vocab": {"[UNK]": 0, "one": 1, "two": 2, "##s": 3, "[CLS]": 4, "[SEP]": 5}}}
      """;

  @TempDir Path directory;

  @Test
  void anEncoderReadsTheSpecialTokensOfItsTokenizer() throws IOException {
    try (var classifier = open("bert-classifier-3", FRAMED)) {
      assertThat(classifier.logits(List.of("one twos", "")))
          .isDeepEqualTo(
              classifier.logitsOfTokens(
                  List.of(new int[] {CLS, 1, 2, 3, SEP}, new int[] {CLS, SEP})));
    }
  }

  @Test
  void aTextThatIsTooLongLosesItsEnd() throws IOException {
    var text = "one two ".repeat(40);
    var kept = IntStream.range(0, 40).map(i -> i == 0 ? CLS : i == 39 ? SEP : 2 - i % 2).toArray();
    // RoBERTa has 42 positions and begins after padding, 1.
    for (var name : List.of("bert-classifier-1", "roberta-classifier-1")) {
      try (var classifier = open(name, FRAMED)) {
        assertThat(classifier.logits(List.of(text)))
            .isDeepEqualTo(classifier.logitsOfTokens(List.of(kept)));
      }
    }
  }

  @Test
  void anEncoderWithoutSpecialTokensIsRefused() {
    assertThatThrownBy(
            () ->
                open(
                    "bert-classifier-1",
                    FRAMED.replaceAll("\"post.*\n", "").replace("[CLS]", "[NOT]")))
        .isInstanceOf(ModelFormatException.class)
        .hasMessageEndingWith(
            "post_processor: none, and no token [CLS] (expected: a post-processor or a token [CLS])");
  }

  @Test
  void aDecoderIsReadAtTheLastTokenThatIsNotPadding() {
    try (var classifier =
        (DecoderClassifier)
            SequenceClassifier.open(Checkpoint.named("gpt2-classifier-3").copyTo(directory))) {
      var logits =
          classifier.logitsOfTokens(
              List.of(
                  new int[] {7, 8, 9},
                  new int[] {7, 8, 9, 0, 0},
                  new int[] {0, 0},
                  new int[] {0},
                  new int[] {},
                  new int[] {2}));

      assertThat(logits[1]).usingComparatorWithPrecision(1e-5f).containsExactly(logits[0]);
      assertThat(logits[2]).usingComparatorWithPrecision(1e-5f).containsExactly(logits[3]);
      // Nothing is read as the end of a text.
      assertThat(logits[4]).usingComparatorWithPrecision(1e-5f).containsExactly(logits[5]);
      assertThat(classifier.logits(List.of("one two ".repeat(40))))
          .isDeepEqualTo(
              classifier.logitsOfTokens(
                  List.of(IntStream.range(0, 40).map(i -> 1 + i % 2).toArray())));
    }
  }

  private EncoderClassifier open(String checkpoint, String tokenizer) throws IOException {
    var model = Checkpoint.named(checkpoint).copyTo(directory.resolve(checkpoint));
    Files.writeString(model.resolve(Tokenizer.FILE), tokenizer);
    return (EncoderClassifier) SequenceClassifier.open(model);
  }
}
