package org.elasticreset.reward;

import java.util.List;

/** 1 at the wanted length of the response, falling linearly to 0 at none and at twice as long. */
final class LengthScorer implements Scorer {

  private final int targetTokens;

  LengthScorer(int targetTokens) {
    this.targetTokens = targetTokens;
  }

  @Override
  public double[] score(List<ScorableText> texts) {
    return texts.stream().mapToDouble(text -> closeness(text.responseTokens())).toArray();
  }

  private double closeness(int tokens) {
    return Math.max(0, 1 - Math.abs(tokens - targetTokens) / (double) targetTokens);
  }
}
