package org.elasticreset.model;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a policy and its value head say about the response tokens of a sequence, one number each.
 *
 * @param logProbs of the tokens, in nats
 * @param values expected return before the token
 * @param entropies of the distribution the token is drawn from, in nats
 */
public record TokenEvaluation(float[] logProbs, float[] values, float[] entropies) {

  /** Those of each sequence, from what the program returns for all of them: three tensors [N]. */
  static List<TokenEvaluation> split(List<TokenSequence> sequences, Object[] results) {
    var logProbs = ((NDArray) results[0]).toFloatArray();
    var values = ((NDArray) results[1]).toFloatArray();
    var entropies = ((NDArray) results[2]).toFloatArray();
    var evaluations = new ArrayList<TokenEvaluation>();
    int from = 0;
    for (var sequence : sequences) {
      int to = from + sequence.responseTokens().length;
      evaluations.add(
          new TokenEvaluation(
              Arrays.copyOfRange(logProbs, from, to),
              Arrays.copyOfRange(values, from, to),
              Arrays.copyOfRange(entropies, from, to)));
      from = to;
    }
    return evaluations;
  }
}
