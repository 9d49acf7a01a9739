package org.elasticreset.model;

/**
 * A response to learn from; one number a response token in each array.
 *
 * @param oldLogProbs of the policy that is improved on, in nats, at the temperature of {@link
 *     PpoSettings}
 * @param referenceLogProbs of the policy that a KL penalty in the loss pulls to
 * @param oldValues of the value head before the update; 0 where there is none
 * @param returns targets of the value head
 */
public record PpoSample(
    TokenSequence tokens,
    float[] oldLogProbs,
    float[] referenceLogProbs,
    float[] oldValues,
    float[] advantages,
    float[] returns) {

  public PpoSample {
    int expected = tokens.responseTokens().length;
    requireLength("oldLogProbs", oldLogProbs, expected);
    requireLength("referenceLogProbs", referenceLogProbs, expected);
    requireLength("oldValues", oldValues, expected);
    requireLength("advantages", advantages, expected);
    requireLength("returns", returns, expected);
  }

  /** For a loss without a KL penalty. */
  public PpoSample(
      TokenSequence tokens,
      float[] oldLogProbs,
      float[] oldValues,
      float[] advantages,
      float[] returns) {
    this(tokens, oldLogProbs, new float[oldLogProbs.length], oldValues, advantages, returns);
  }

  private static void requireLength(String name, float[] values, int expected) {
    if (values.length != expected) {
      throw new IllegalArgumentException(
          name
              + ": "
              + values.length
              + " numbers (expected: one a response token, "
              + expected
              + ")");
    }
  }
}
