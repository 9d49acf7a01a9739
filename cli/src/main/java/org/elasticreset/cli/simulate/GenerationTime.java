package org.elasticreset.cli.simulate;

import java.util.random.RandomGenerator;
import org.elasticreset.model.simulated.Distribution;

/**
 * How long a worker's model takes for a batch: as a simulated one does, some time for the batch and
 * some for each token of its longest response.
 *
 * @param ofBatch in seconds
 * @param ofToken in seconds
 * @param responseTokens of each response
 * @param maxNewTokens where responses are cut
 */
public record GenerationTime(
    Distribution ofBatch,
    Distribution ofToken,
    Distribution responseTokens,
    int promptTokens,
    int maxNewTokens) {

  /** Of prompts and responses as they were when {@link Costs#measured()} were. */
  public static GenerationTime of(Distribution ofBatch) {
    return new GenerationTime(
        ofBatch,
        Distribution.NONE,
        new Distribution(Distribution.Shape.FIXED, 40, 0),
        Costs.MEASURED_TOKENS - 40,
        40);
  }

  /** Seconds of the next batch. */
  double draw(RandomGenerator random, int batchSize) {
    double seconds = ofBatch.draw(random);
    if (ofToken.mean() == 0) {
      return seconds;
    }
    double longest = 1;
    for (int response = 0; response < batchSize; response++) {
      longest = Math.max(longest, Math.rint(responseTokens.draw(random)));
    }
    return seconds + Math.min(maxNewTokens, longest) * ofToken.draw(random);
  }

  /** Of prompt and response together, on average; a little less where many responses are cut. */
  double tokens() {
    return promptTokens + Math.min(maxNewTokens, responseTokens.mean());
  }
}
