package org.elasticreset.model;

/**
 * A response to learn from; one number a response token in each array.
 *
 * @param oldLogProbs of the policy that is improved on, in nats, at the temperature of {@link
 *     PpoSettings}
 * @param oldValues of the value head before the update
 */
public record PpoSample(
    TokenSequence tokens,
    float[] oldLogProbs,
    float[] oldValues,
    float[] advantages,
    float[] returns) {

  public PpoSample {
    int expected = tokens.responseTokens().length;
    requireLength("oldLogProbs", oldLogProbs, expected);
    requireLength("oldValues", oldValues, expected);
    requireLength("advantages", advantages, expected);
    requireLength("returns", returns, expected);
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
