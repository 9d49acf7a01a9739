package org.elasticreset.model;

/**
 * A prompt to continue.
 *
 * @param promptTokens at least one
 * @param seed of the uniform numbers of this response: the same seed draws the same response,
 *     whatever else is in the batch, up to the rounding of the model's probabilities
 */
public record GenerationRequest(int[] promptTokens, long seed) {

  public GenerationRequest {
    if (promptTokens.length == 0) {
      throw new IllegalArgumentException("promptTokens: empty (expected: at least 1 token)");
    }
  }
}
