package org.elasticreset.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.function.Function;

/**
 * The arguments of {@code objective_gradient} that samples make: tokens, and one number each, flat.
 */
final class PpoBatch {

  private final List<PpoSample> samples;
  private final TokenBatch tokens;

  PpoBatch(DecoderConfig config, List<PpoSample> samples) {
    this.samples = samples;
    this.tokens = TokenBatch.ofResponses(config, samples.stream().map(PpoSample::tokens).toList());
  }

  TokenBatch tokens() {
    return tokens;
  }

  NDArray oldLogProbs(NDManager scope) {
    return flat(scope, PpoSample::oldLogProbs);
  }

  NDArray referenceLogProbs(NDManager scope) {
    return flat(scope, PpoSample::referenceLogProbs);
  }

  NDArray oldValues(NDManager scope) {
    return flat(scope, PpoSample::oldValues);
  }

  NDArray advantages(NDManager scope) {
    return flat(scope, PpoSample::advantages);
  }

  NDArray returns(NDManager scope) {
    return flat(scope, PpoSample::returns);
  }

  private NDArray flat(NDManager scope, Function<PpoSample, float[]> part) {
    var all = new float[tokens.predicted()];
    int n = 0;
    for (var sample : samples) {
      var numbers = part.apply(sample);
      System.arraycopy(numbers, 0, all, n, numbers.length);
      n += numbers.length;
    }
    return scope.create(all);
  }
}
