package org.elasticreset.rollout;

import java.util.List;
import org.elasticreset.feed.ReplaceableWeights;
import org.elasticreset.model.Generation;
import org.elasticreset.model.GenerationRequest;
import org.elasticreset.model.Sampling;

/**
 * A language model whose weights can be replaced. One thread at a time; a call of {@link #write}
 * never overlaps {@link #generate}.
 */
interface PolicyModel extends ReplaceableWeights, AutoCloseable {

  /**
   * What a continuation of the prompt follows: as many of its last tokens as fit, behind the token
   * that begins a text where the model has one. Empty only for an empty prompt without such a
   * token.
   */
  int[] encode(String prompt, int maxTokens);

  /** The text that a response adds to its prompt, without the token that ended it. */
  String decodeResponse(Generation generation);

  /** Number of token ids. */
  int vocabularySize();

  /** Most tokens of prompt and response together. */
  int positions();

  /** One batch in one call; answers in the order of the requests. */
  List<Generation> generate(List<GenerationRequest> requests, Sampling sampling);

  /**
   * The weights of the policy that masks this one (NLPO). They take the memory of a second policy
   * from the first call on.
   */
  ReplaceableWeights maskingPolicy();

  /**
   * The same, drawing only the fewest likeliest tokens of the masking policy that reach {@code p}.
   */
  List<Generation> generateMasked(List<GenerationRequest> requests, Sampling sampling, double p);

  @Override
  void close();
}
