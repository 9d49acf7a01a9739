package org.elasticreset.model;

/** The type that a model computes in. Weights, gradients and optimizer are float32 in either. */
public enum Precision {
  FLOAT32(6),
  /** About 3 digits, faster where the processor has instructions for it. */
  BFLOAT16(15);

  /** PyTorch's number of the type. */
  final int code;

  Precision(int code) {
    this.code = code;
  }
}
