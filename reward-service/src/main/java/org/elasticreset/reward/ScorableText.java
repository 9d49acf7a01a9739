package org.elasticreset.reward;

import java.util.Map;

/**
 * What a scorer sees of a rollout.
 *
 * @param responseTokens length of the response in the policy's tokens
 * @param references what the response can be held against, by name
 */
record ScorableText(
    String prompt, String response, int responseTokens, Map<String, String> references) {

  ScorableText {
    references = Map.copyOf(references);
  }

  /** The text as a reader would meet it. */
  String whole() {
    return prompt + response;
  }
}
