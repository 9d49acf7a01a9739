package org.elasticreset.model;

/**
 * How tokens are drawn.
 *
 * @param temperature logits are divided by it, above 0
 * @param topK only the k likeliest tokens; 0 for all
 * @param topP of those, the fewest likeliest whose probabilities reach p; 1 for all
 * @param greedy the likeliest token, whatever topK and topP say
 * @param maxNewTokens of a response, at least 1
 * @param maxPromptTokens longer prompts keep their last tokens
 * @param stopTokens any of them ends a response, and is its last token
 */
public record Sampling(
    double temperature,
    int topK,
    double topP,
    boolean greedy,
    int maxNewTokens,
    int maxPromptTokens,
    int[] stopTokens) {

  public Sampling {
    require(
        temperature > 0 && temperature < Double.POSITIVE_INFINITY,
        "temperature",
        temperature,
        "above 0");
    require(topK >= 0, "topK", topK, "0 for all, or more");
    require(topP > 0 && topP <= 1, "topP", topP, "0 < topP <= 1");
    require(maxNewTokens >= 1, "maxNewTokens", maxNewTokens, "at least 1");
    require(maxPromptTokens >= 1, "maxPromptTokens", maxPromptTokens, "at least 1");
    stopTokens = stopTokens.clone();
  }

  /** From the whole distribution of the model, without a stop token. */
  public static Sampling untruncated(int maxNewTokens, int maxPromptTokens) {
    return new Sampling(1, 0, 1, false, maxNewTokens, maxPromptTokens, new int[0]);
  }

  @Override
  public int[] stopTokens() {
    return stopTokens.clone();
  }

  private static void require(boolean holds, String name, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
    }
  }
}
