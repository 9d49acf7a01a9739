package org.elasticreset.model;

import java.util.SplittableRandom;

/**
 * How an encoder is trained.
 *
 * @param batchSize texts a step
 * @param learningRate peak of AdamW's rate, after the warm-up
 * @param warmUp share of the training in which the rate rises linearly; then it falls as a cosine
 * @param weightDecay of matrices
 * @param dropout of embeddings, feed-forward outputs and the pooled state
 * @param tokenDropout share of the tokens that are replaced by {@code [UNK]}
 * @param labelSmoothing share of the target spread over all labels
 * @param maxGradientNorm gradients are scaled down to it
 * @param shortestCrop tokens of the shortest crop, which a text is trained on instead of the whole
 */
record EncoderRecipe(
    int batchSize,
    double learningRate,
    double warmUp,
    double weightDecay,
    double dropout,
    double tokenDropout,
    double labelSmoothing,
    double maxGradientNorm,
    int shortestCrop) {

  static final EncoderRecipe DEFAULT =
      new EncoderRecipe(32, 1e-3, 0.05, 0.05, 0.2, 0.1, 0.05, 1, 24);

  /** The learning rate when {@code progress}, from 0 to 1, of the training is done. */
  double rateAt(double progress) {
    if (progress < warmUp) {
      return learningRate * progress / warmUp;
    }
    double decayed = Math.min(1, (progress - warmUp) / (1 - warmUp));
    return learningRate * (1 + Math.cos(Math.PI * decayed)) / 2;
  }

  /**
   * The longest crop of a batch, log-uniform between the shortest and {@code longest}, so that
   * short texts are seen as often as long ones.
   */
  int cropLength(int longest, SplittableRandom random) {
    int shortest = Math.min(shortestCrop, longest);
    double ratio = (longest + 1.0) / shortest;
    return Math.min(longest, (int) (shortest * Math.pow(ratio, random.nextDouble())));
  }

  /**
   * At most {@code length} tokens of a text: its beginning, its end (a quarter of the draws each)
   * or a stretch from anywhere; some of them hidden behind {@code hidden}.
   */
  int[] crop(int[] text, int length, int hidden, SplittableRandom random) {
    int kept = Math.min(length, text.length);
    int slack = text.length - kept;
    int start =
        switch (random.nextInt(4)) {
          case 0 -> 0;
          case 1 -> slack;
          default -> random.nextInt(slack + 1);
        };
    var crop = new int[kept];
    for (int i = 0; i < kept; i++) {
      crop[i] = random.nextDouble() < tokenDropout ? hidden : text[start + i];
    }
    return crop;
  }
}
