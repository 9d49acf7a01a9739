package org.elasticreset.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;

/** A classifier with one score, which preferences between two texts train. */
interface PairReward extends SequenceClassifier {

  /** The weights, the layer that gives the score last. */
  Parameters parameters();

  /** Programs {@code pair_gradient} and {@code apply}. */
  Program pairProgram();

  /** A text as it is read. */
  TokenInput input(String text);

  /**
   * Tokens of a text.
   *
   * @param cut whether the text has more of them than there is room for
   */
  record TokenInput(int[] tokens, boolean cut) {}

  /**
   * Texts side by side.
   *
   * @param tokens [B,S], padded on the right
   * @param places [B], what the program asks for to find the end of each
   */
  record PairInputs(NDArray tokens, NDArray places) {}

  PairInputs pairInputs(NDManager call, List<int[]> inputs);

  /**
   * Changes the last layer so that a score s becomes (s − mean) / deviation.
   *
   * @return whether the mean could be moved: a layer without a bias, behind a norm without one,
   *     cannot
   */
  boolean standardise(double mean, double deviation);
}
