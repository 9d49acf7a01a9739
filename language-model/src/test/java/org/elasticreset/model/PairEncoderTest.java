package org.elasticreset.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.elasticreset.model.text.PromptResponse;
import org.elasticreset.model.tokenizer.BpeTrainer;
import org.elasticreset.model.tokenizer.Tokenizer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PairEncoderTest {

  private static final int END = 0;
  private static final List<PromptResponse> PAIRS =
      List.of(pair("Is it rain?", " No, it is snow."), pair("Is it rain, or is it?", " It is."));

  @TempDir Path directory;
  private Tokenizer tokenizer;

  @BeforeEach
  void learnAVocabulary() {
    var texts = PAIRS.stream().map(pair -> pair.prompt() + pair.response());
    new BpeTrainer(280).train(texts, directory.resolve("tokenizer.json"));
    tokenizer = Tokenizer.open(directory);
  }

  @AfterEach
  void closeTokenizer() {
    tokenizer.close();
  }

  @Test
  void thePromptIsARolloutsAndTheResponseEndsTheText() {
    var encoded = new PairEncoder(tokenizer, END, 60, 120, false).encode(PAIRS);

    for (int i = 0; i < PAIRS.size(); i++) {
      var sequence = encoded.sequences().get(i);
      assertThat(sequence.promptTokens())
          .containsExactly(tokenizer.encodePrompt(PAIRS.get(i).prompt(), 60));
      assertThat(tokenizer.decode(sequence.responseTokens())).isEqualTo(PAIRS.get(i).response());
      assertThat(sequence.responseTokens()).endsWith(END);
    }
    assertThat(encoded.cutPrompts() + encoded.longResponses()).isZero();
  }

  @Test
  void whatIsTooLongIsCutWhereARunCutsItAndCounted() {
    var encoded = new PairEncoder(tokenizer, END, 6, 9, false).encode(PAIRS);

    var whole = tokenizer.encode(PAIRS.get(1).prompt());
    var sequence = encoded.sequences().get(1);
    assertThat(sequence.promptTokens()).hasSize(6);
    assertThat(sequence.promptTokens()[5]).isEqualTo(whole[whole.length - 1]);
    assertThat(encoded.cutPrompts()).isEqualTo(1);
    assertThat(encoded.longResponses()).isEqualTo(2);
    var cut = encoded.sequences().get(0);
    assertThat(cut.promptTokens().length + cut.responseTokens().length).isEqualTo(9 + 1);
    assertThat(cut.responseTokens()).doesNotContain(END);
  }

  @Test
  void responsesThatDoNotFitAreLeftOutOnRequest() {
    var all = new PairEncoder(tokenizer, END, 60, 120, true).encode(PAIRS).sequences();
    int longest = all.stream().mapToInt(TokenSequence::length).max().orElseThrow();
    int context = longest - 2; // one less than the longest takes

    var encoded = new PairEncoder(tokenizer, END, context, context, true).encode(PAIRS);

    assertThat(encoded.sequences()).hasSize(1);
    assertThat(encoded.longResponses()).isEqualTo(1);
    assertThat(encoded.sequences().get(0).responseTokens()).endsWith(END);
    assertThatThrownBy(() -> new PairEncoder(tokenizer, END, 2, 2, true).encode(PAIRS))
        .hasMessage(
            "pairs: none with a response that fits (expected: a longer context than 2 tokens)");
  }

  @Test
  void aTokenThatWouldReachOverTheSeamIsNotUsed() {
    var encoded =
        new PairEncoder(tokenizer, END, 60, 120, false).encode(List.of(pair("Is i", "t")));

    var sequence = encoded.sequences().get(0);
    assertThat(sequence.promptTokens()).containsExactly(tokenizer.encode("Is i"));
    assertThat(sequence.responseTokens()).containsExactly(tokenizer.encode("t")[0], END);
  }

  @Test
  void heldOutLossIsOfResponseTokensOnly() {
    var encoded = new PairEncoder(tokenizer, END, 60, 120, false).encode(PAIRS);
    var config = new GptConfig(tokenizer.size(), 120, 16, 1, 2).withEndTokens(END);
    try (var model = CausalLanguageModel.initialise(config, tokenizer, 1)) {
      var heldOut = new HeldOutPairs(encoded);

      var loss = heldOut.measure(model, 1);

      double nats = 0;
      for (var logProbs : model.logProbs(encoded.sequences(), 1, 2)) {
        for (float logProb : logProbs) {
          nats -= logProb;
        }
      }
      assertThat(heldOut.tokens()).isEqualTo(encoded.responseTokens());
      assertThat(loss.natsPerToken()).isCloseTo(nats / heldOut.tokens(), within(1e-5));
      assertThat(loss.bitsPerByte()).isCloseTo(nats / Math.log(2) / (16 + 7), within(1e-5));
    }
  }

  @Test
  void refusesAPromptLongerThanTheContext() {
    assertThatThrownBy(() -> new PairEncoder(tokenizer, END, 10, 9, false))
        .hasMessage("longest prompt: 10 tokens (expected: 1 to 9, the context)");
  }

  private static PromptResponse pair(String prompt, String response) {
    return new PromptResponse(prompt, response, Optional.empty());
  }
}
