package org.elasticreset.learner;

import java.util.List;
import java.util.Optional;
import org.elasticreset.model.CausalLanguageModel;
import org.elasticreset.model.PairEncoder;
import org.elasticreset.model.TokenSequence;
import org.elasticreset.model.text.PromptResponse;
import org.elasticreset.model.text.PromptTemplate;

/**
 * The tokens of what a second player reads and is to say, laid out as it was pretrained on them.
 */
final class LearnedPairs {

  private static final TokenSequence NOTHING = new TokenSequence(new int[1], new int[1]);

  private final PromptTemplate template;
  private final PairEncoder encoder;
  private boolean ended;

  LearnedPairs(
      CausalLanguageModel model, LearnerConfig.Sender sender, LearnerConfig.Sampling lengths) {
    if (model.config().endTokens().isEmpty()) {
      throw new InvalidSettingsException(
          "learner.model: no eos_token_id (expected: one, which ends what a second player says)");
    }
    this.template = new PromptTemplate(sender.template());
    this.encoder =
        new PairEncoder(
            model.tokenizer(),
            model.config().endTokens().get(0),
            lengths.maxPromptTokens(),
            lengths.maxPromptTokens() + lengths.maxNewTokens() - 1,
            false);
  }

  /**
   * A text that was read and what is to be said behind it. Safe for use by several threads. Behind
   * the end of the run copies may still come; nobody learns from them, so any tokens do.
   */
  synchronized TokenSequence of(String read, String expected) {
    if (ended) {
      return NOTHING;
    }
    var pair = new PromptResponse(read.strip(), expected, Optional.empty());
    return encoder.encode(template.apply(List.of(pair))).sequences().get(0);
  }

  /** The model is about to be closed, and its tokenizer with it. */
  synchronized void end() {
    ended = true;
  }
}
