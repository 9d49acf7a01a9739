package org.elasticreset.model;

import java.time.Duration;
import org.elasticreset.model.files.SafeTensors;

/**
 * How {@link LanguageModelTraining} trains.
 *
 * @param budget when it ends
 * @param batchSize windows of an optimizer step
 * @param microBatchSize windows of one pass, which bounds memory
 * @param learningRate its course
 * @param evaluateEvery steps between measurements on held-out text; each may keep the model
 * @param keepEvery wall time after which the model is measured and kept at the latest
 * @param weights what the kept weights are stored as
 */
public record LanguageModelTrainingSettings(
    TrainingBudget budget,
    int batchSize,
    int microBatchSize,
    WarmUpCosine learningRate,
    long evaluateEvery,
    Duration keepEvery,
    SafeTensors.Dtype weights) {

  public LanguageModelTrainingSettings {
    if (batchSize < 1) {
      throw new IllegalArgumentException("batch size: " + batchSize + " (expected: at least 1)");
    }
    if (microBatchSize < 1 || batchSize % microBatchSize != 0) {
      throw new IllegalArgumentException(
          "micro-batch size: "
              + microBatchSize
              + " (expected: a divisor of the batch size, "
              + batchSize
              + ")");
    }
    if (evaluateEvery < 1) {
      throw new IllegalArgumentException(
          "evaluate every: " + evaluateEvery + " steps (expected: at least 1)");
    }
  }
}
