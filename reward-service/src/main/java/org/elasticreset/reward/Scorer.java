package org.elasticreset.reward;

import java.util.List;

/** A source of scores: a model, a rule. Used by one thread at a time. */
interface Scorer {

  /**
   * Scores one batch in one call.
   *
   * @return [texts], in their order
   */
  double[] score(List<ScorableText> texts);
}
