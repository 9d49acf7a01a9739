package org.elasticreset.model;

import java.util.List;

/** Where {@link LanguageModelTraining} takes its batches from. */
public sealed interface TrainingExamples permits TokenWindows, TokenPairs {

  /**
   * What a step trains on; the same whatever was asked for before.
   *
   * @param step from 0
   * @param size sequences wanted; the last batch of an epoch may have fewer
   */
  List<TokenSequence> examples(long step, int size);

  /** Tokens of an epoch that are predicted, roughly. */
  long tokens();
}
