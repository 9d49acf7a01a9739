package org.elasticreset.reward;

import com.google.re2j.Pattern;
import java.util.List;

/**
 * 1 if the pattern is found in the response, else 0. Responses are text of a stranger: RE2 takes
 * time in proportion to their length and a bounded stack, where the JDK's expressions may take
 * exponential time or end in a StackOverflowError.
 */
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
