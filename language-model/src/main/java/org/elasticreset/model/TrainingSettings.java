package org.elasticreset.model;

/**
 * How a trainer computes.
 *
 * @param compute the type of activations; gradients and moments are float32 in either
 * @param recompute keeps the input of each block only and computes its inside again for the
 *     gradient: the memory of one block for about a third more time
 * @param valueHead whether a value head is evaluated and trained; without one, every value is 0
 */
public record TrainingSettings(Precision compute, boolean recompute, boolean valueHead) {

  /** Float32, everything kept. */
  public static final TrainingSettings PLAIN = new TrainingSettings(Precision.FLOAT32, false);

  /** With a value head. */
  public TrainingSettings(Precision compute, boolean recompute) {
    this(compute, recompute, true);
  }
}
