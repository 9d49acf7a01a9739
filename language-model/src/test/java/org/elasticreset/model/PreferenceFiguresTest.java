package org.elasticreset.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.elasticreset.model.text.PreferencePair;
import org.junit.jupiter.api.Test;

class PreferenceFiguresTest {

  private static final List<PreferencePair> PAIRS =
      List.of(
          pair("a", "longer answer", "short"),
          pair("a", "short", "longer answer"),
          pair("b", "equal", "other"),
          pair("c", "nearly so", "nearly"));

  @Test
  void countsWhatScoresAndLengthsGetRight() {
    var figures = PreferenceFigures.of(PAIRS, new float[] {1, 1, 2, 0}, new float[] {0, 2, 2, 1});

    assertThat(figures.accuracy().share()).isEqualTo((1 + 0 + 0.5 + 0) / 4);
    assertThat(figures.length().share()).isEqualTo((1 + 0 + 0.5 + 1) / 4);
    assertThat(figures.accuracy().clusters()).isEqualTo(3);
    assertThat(figures.longerBetter().orElseThrow().share()).isEqualTo(0.5);
    assertThat(figures.shorterBetter().orElseThrow().share()).isZero();
    assertThat(figures.alike().orElseThrow().trials()).isEqualTo(1);
    assertThat(figures.preferringLonger()).isEqualTo((1 + 1 + 0.5 + 0) / 4);
    double expected = (Math.log1p(Math.exp(-1)) + 2 * Math.log1p(Math.exp(1)) + Math.log(2)) / 4;
    assertThat(figures.loss()).isCloseTo(expected, within(1e-6));
  }

  @Test
  void saysInWordsWhetherScoresSayMoreThanLengths() {
    var random = new SplittableRandom(1);
    var pairs = new ArrayList<PreferencePair>();
    var lengths = new float[2][400];
    var truths = new float[2][400];
    for (int i = 0; i < 400; i++) {
      boolean longerWins = random.nextInt(100) < 60;
      pairs.add(longerWins ? pair("q" + i, "xxxx", "x") : pair("q" + i, "x", "xxxx"));
      lengths[0][i] = longerWins ? 4 : 1;
      lengths[1][i] = longerWins ? 1 : 4;
      truths[0][i] = 1;
    }

    assertThat(PreferenceFigures.of(pairs, lengths[0], lengths[1]).verdict())
        .startsWith("It is not shown to say more than the lengths of answers do: +0.0 points");
    assertThat(PreferenceFigures.of(pairs, truths[0], truths[1]).verdict())
        .startsWith("It tells better answers from worse ones better than their lengths do: +");
    assertThat(PreferenceFigures.of(pairs, truths[1], truths[0]).verdict())
        .startsWith("It is worse than lengths alone: -");
  }

  private static PreferencePair pair(String prompt, String chosen, String rejected) {
    return new PreferencePair(prompt, chosen, rejected, Optional.empty());
  }
}
