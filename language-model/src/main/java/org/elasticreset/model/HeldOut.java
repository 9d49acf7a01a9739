package org.elasticreset.model;

/** What training never sees, to measure what a model has learned. */
public sealed interface HeldOut permits HeldOutText, HeldOutPairs {

  /** Measures {@code model}, {@code batchSize} sequences at a time. */
  HeldOutLoss measure(CausalLanguageModel model, int batchSize);

  /** Documents, or pairs. */
  int documents();

  /** Tokens that are predicted, ends of text included. */
  long tokens();
}
