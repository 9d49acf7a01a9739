package org.elasticreset.model;

import java.util.Arrays;
import org.elasticreset.model.tokenizer.Tokenizer;

/**
 * A generated response.
 *
 * @param promptTokens the ones that were read, the last of the request's
 * @param responseTokens with the stop token, if there was one
 * @param logProbs of each response token in the distribution it was drawn from, after temperature
 *     and truncation, in nats; of a greedy response in the distribution at the temperature
 * @param stopped whether a stop token ended it, rather than the limit
 */
public record Generation(
    int[] promptTokens, int[] responseTokens, float[] logProbs, boolean stopped) {

  /** The response as it is read: without the token that ended it. */
  public int[] textTokens() {
    return stopped ? Arrays.copyOf(responseTokens, responseTokens.length - 1) : responseTokens;
  }

  /** The text that the response adds to its prompt. */
  public String text(Tokenizer tokenizer) {
    return tokenizer.decodeBehind(promptTokens, textTokens());
  }
}
