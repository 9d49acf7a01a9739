package org.elasticreset.model;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;

/**
 * Responses that training never sees, measured behind their prompts: every token of the response
 * and its end, none of the prompt.
 */
public final class HeldOutPairs implements HeldOut {

  private final List<TokenSequence> pairs;
  private final long tokens;
  private final long bytes;

  public HeldOutPairs(PairEncoder.Encoded encoded) {
    // The longest together: a batch is padded to its longest.
    this.pairs =
        encoded.sequences().stream()
            .sorted(Comparator.comparingInt(TokenSequence::length).reversed())
            .toList();
    this.tokens = encoded.responseTokens();
    this.bytes =
        encoded.pairs().stream()
            .mapToLong(pair -> pair.response().getBytes(StandardCharsets.UTF_8).length)
            .sum();
  }

  /** Bits are spread over the bytes of whole responses: too few where some were cut. */
  @Override
  public HeldOutLoss measure(CausalLanguageModel model, int batchSize) {
    double nats = 0;
    for (var logProbs : model.logProbs(pairs, 1, batchSize)) {
      for (float logProb : logProbs) {
        nats -= logProb;
      }
    }
    return new HeldOutLoss(nats / tokens, nats / Math.log(2) / bytes);
  }

  @Override
  public int documents() {
    return pairs.size();
  }

  @Override
  public long tokens() {
    return tokens;
  }
}
