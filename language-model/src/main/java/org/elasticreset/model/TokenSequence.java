package org.elasticreset.model;

import java.util.Arrays;

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

  /** A text of at least two tokens: all but the first are its response. */
  static TokenSequence ofText(int[] tokens) {
    return new TokenSequence(
        Arrays.copyOf(tokens, 1), Arrays.copyOfRange(tokens, 1, tokens.length));
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
