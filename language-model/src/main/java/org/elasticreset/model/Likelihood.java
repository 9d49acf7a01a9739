package org.elasticreset.model;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** How likely a model holds tokens that are there already, without a gradient. */
record Likelihood(CausalLanguageModel model, Precision precision) {

  /** As {@link CausalLanguageModel#logProbs(List, double, int, Precision)}. */
  List<float[]> ofResponses(List<TokenSequence> sequences, double temperature, int batchSize) {
    return Engine.sideBySide(
            TokenBatch.passes(sequences, batchSize), part -> ofResponses(part, temperature))
        .stream()
        .flatMap(List::stream)
        .toList();
  }

  private List<float[]> ofResponses(List<TokenSequence> part, double temperature) {
    var logProbs = new ArrayList<float[]>();
    var all = logProbs(TokenBatch.ofResponses(model.config(), part), temperature);
    int from = 0;
    for (var sequence : part) {
      int to = from + sequence.responseTokens().length;
      logProbs.add(Arrays.copyOfRange(all, from, to));
      from = to;
    }
    return logProbs;
  }

  /** As {@link CausalLanguageModel#perplexity(List, int, Precision)}. */
  double perplexity(List<int[]> texts, int batchSize) {
    var windows = windows(texts);
    if (windows.isEmpty()) {
      throw new IllegalArgumentException(
          "texts: none of at least 2 tokens (expected: something to predict)");
    }
    double logLikelihood = 0;
    long tokens = 0;
    for (var logProbs :
        Engine.sideBySide(
            TokenBatch.passes(windows, batchSize),
            part -> logProbs(TokenBatch.ofTexts(model.config(), part), 1))) {
      for (float logProb : logProbs) {
        logLikelihood += logProb;
      }
      tokens += logProbs.length;
    }
    return Math.exp(-logLikelihood / tokens);
  }

  /** Parts of texts that fit the model, the longest first: a batch is padded to its longest. */
  private List<int[]> windows(List<int[]> texts) {
    var windows = new ArrayList<int[]>();
    int positions = model.config().positions();
    for (var text : texts) {
      for (int from = 0; from + 1 < text.length; from += positions) {
        windows.add(Arrays.copyOfRange(text, from, Math.min(text.length, from + positions + 1)));
      }
    }
    windows.sort(Comparator.comparingInt((int[] window) -> window.length).reversed());
    return windows;
  }

  private float[] logProbs(TokenBatch batch, double temperature) {
    try (var call = model.scope().newSubManager()) {
      var result =
          (NDArray)
              model
                  .program()
                  .call(
                      call,
                      "log_probs",
                      model.weights().views(),
                      model.factors(),
                      precision.code,
                      batch.tokens(call),
                      batch.rows(call),
                      batch.targets(call),
                      temperature);
      return result.toFloatArray();
    }
  }
}
