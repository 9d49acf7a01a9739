package org.elasticreset.learner;

import java.util.function.BiFunction;
import org.elasticreset.algorithm.PolicyStamp;
import org.elasticreset.algorithm.Rollout;
import org.elasticreset.model.TokenSequence;
import org.elasticreset.proto.v1.ScoredRollout;

/**
 * What the second player of a game of two learns from a rollout of the first: to say the reference
 * behind the response. The tokens are the learner's own, of the response as its prompt and of the
 * reference as what is learnt; nobody drew them, so they have no behaviour log-probabilities.
 *
 * @param sender checks the rollout as its own run's learner does, but for its tokens
 * @param reference name of the reference
 * @param pairs the tokens of a response and its reference
 */
record ReceivedTranslation(
    ScoredRolloutCheck sender, String reference, BiFunction<String, String, TokenSequence> pairs)
    implements RolloutReader {

  /**
   * Whichever policy of the sender wrote it: a step of the game has one of each, and no version of
   * the sender's is behind one of the receiver's.
   */
  private static final PolicyStamp SENDER = new PolicyStamp(Long.MAX_VALUE, Long.MAX_VALUE);

  @Override
  public ReceivedRollout check(ReceivedRollout.Source source, ScoredRollout message) {
    ReceivedRollout received = sender.check(source, message);
    String expected = received.references().get(reference);
    if (expected == null) {
      throw new IllegalArgumentException(
          "references: %s (expected: one named %s)"
              .formatted(received.references().keySet(), reference));
    }
    TokenSequence tokens = pairs.apply(received.response(), expected);
    // Its score is nothing to learn from: the first one will do.
    Rollout pair =
        new Rollout(
            received.rollout().id(),
            tokens.promptTokens(),
            tokens.responseTokens(),
            new float[tokens.responseTokens().length],
            received.rollout().reward(),
            SENDER,
            true);
    return received.with(pair);
  }
}
