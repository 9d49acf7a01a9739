package org.elasticreset.reward;

import java.util.List;
import java.util.regex.Pattern;

/** 1 if the pattern is found in the response, else 0. */
final class RegexScorer implements Scorer {

  private final Pattern pattern;

  RegexScorer(Pattern pattern) {
    this.pattern = pattern;
  }

  @Override
  public double[] score(List<ScorableText> texts) {
    return texts.stream()
        .mapToDouble(text -> pattern.matcher(text.response()).find() ? 1 : 0)
        .toArray();
  }
}
