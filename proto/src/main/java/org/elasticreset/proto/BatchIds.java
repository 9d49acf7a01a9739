package org.elasticreset.proto;

/** Ids of {@code PromptBatch}: unique within a run, and the same when a batch is issued again. */
public final class BatchIds {

  private BatchIds() {}

  /**
   * Id of a batch that a step trains on: {@code train-12-0}.
   *
   * @param step from 1
   * @param index of the batch within the step, from 0
   */
  public static String training(long step, int index) {
    return id("train", step, 1, index);
  }

  /**
   * Id of a batch of an evaluation: {@code evaluation-10-3}.
   *
   * @param step whose policy is evaluated, from 0
   * @param index of the batch within the evaluation, from 0
   */
  public static String evaluation(long step, int index) {
    return id("evaluation", step, 0, index);
  }

  private static String id(String purpose, long step, long firstStep, int index) {
    if (step < firstStep) {
      throw new IllegalArgumentException(
          "step: %d (expected: at least %d)".formatted(step, firstStep));
    }
    if (index < 0) {
      throw new IllegalArgumentException("batch index: %d (expected: at least 0)".formatted(index));
    }
    return purpose + "-" + step + "-" + index;
  }
}
