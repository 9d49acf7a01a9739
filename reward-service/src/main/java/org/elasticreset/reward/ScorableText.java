package org.elasticreset.reward;

/**
 * What a scorer sees of a rollout.
 *
 * @param responseTokens length of the response in the policy's tokens
 */
record ScorableText(String prompt, String response, int responseTokens) {

  /** The text as a reader would meet it. */
  String whole() {
    return prompt + response;
  }
}
