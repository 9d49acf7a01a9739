package org.elasticreset.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Trains an encoder by AdamW on random crops of labelled texts; reproducible from its seed. */
final class EncoderTrainer implements AutoCloseable {

  /** A text as tokens, without {@code [CLS]}, and the index of its label. */
  record Sample(int[] tokens, int label) {}

  private final EncoderClassifier classifier;
  private final EncoderRecipe recipe;
  private final SplittableRandom random;
  private final int hiddenToken;
  private final NDManager scope;
  private final Parameters firstMoments;
  private final Parameters secondMoments;
  private int steps;

  EncoderTrainer(EncoderClassifier classifier, EncoderRecipe recipe, long seed) {
    this.classifier = classifier;
    this.recipe = recipe;
    this.random = new SplittableRandom(seed);
    this.hiddenToken =
        classifier
            .tokenizer()
            .id(EncoderClassifier.UNKNOWN)
            .orElseThrow(() -> new IllegalArgumentException("special tokens: no [UNK]"));
    this.scope = Engine.scope();
    this.firstMoments = new Parameters(scope, classifier.parameters().tensors());
    this.secondMoments = new Parameters(scope, classifier.parameters().tensors());
  }

  /**
   * One optimizer step on one random crop of each sample.
   *
   * @return the mean cross-entropy against the smoothed labels, before the step
   */
  double step(List<Sample> samples, double learningRate) {
    var config = classifier.config();
    int length = recipe.cropLength(config.longestInput() - 1, random);
    var crops = new ArrayList<int[]>();
    var labels = new long[samples.size()];
    for (int i = 0; i < labels.length; i++) {
      var crop = recipe.crop(samples.get(i).tokens(), length, hiddenToken, random);
      crops.add(classifier.classified(crop));
      labels[i] = samples.get(i).label();
    }
    steps++;
    try (var call = scope.newSubManager()) {
      var batch = classifier.batch(call, crops);
      var loss =
          (NDArray)
              classifier
                  .program()
                  .call(
                      call,
                      "train",
                      classifier.parameters().views(),
                      firstMoments.views(),
                      secondMoments.views(),
                      Precision.FLOAT32.code,
                      batch.tokens(),
                      batch.lengths(),
                      call.create(labels),
                      recipe.labelSmoothing(),
                      recipe.dropout(),
                      random.nextLong() >>> 1,
                      steps,
                      learningRate,
                      recipe.weightDecay(),
                      recipe.maxGradientNorm());
      return loss.toFloatArray()[0];
    }
  }

  @Override
  public void close() {
    scope.close();
  }
}
