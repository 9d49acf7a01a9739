package org.elasticreset.model;

/** The type that a model computes in. Weights, gradients and optimizer are float32 in either. */
public enum Precision {
  FLOAT32(6),
  /**
   * About 3 digits; a training step is about 1.4 times as fast where the processor has
   * AVX-512-BF16.
   */
  BFLOAT16(15);

  /** PyTorch's number of the type. */
  final int code;

  Precision(int code) {
    this.code = code;
  }
}
