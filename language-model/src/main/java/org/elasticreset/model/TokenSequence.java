package org.elasticreset.model;

/** A prompt and what follows it; each of at least one token. The arrays are not copied. */
public record TokenSequence(int[] promptTokens, int[] responseTokens) {

  public TokenSequence {
    if (promptTokens.length == 0) {
      throw new IllegalArgumentException("promptTokens: empty (expected: at least 1 token)");
    }
    if (responseTokens.length == 0) {
      throw new IllegalArgumentException("responseTokens: empty (expected: at least 1 token)");
    }
  }

  int length() {
    return promptTokens.length + responseTokens.length;
  }

  int[] tokens() {
    var tokens = new int[length()];
    System.arraycopy(promptTokens, 0, tokens, 0, promptTokens.length);
    System.arraycopy(responseTokens, 0, tokens, promptTokens.length, responseTokens.length);
    return tokens;
  }
}
