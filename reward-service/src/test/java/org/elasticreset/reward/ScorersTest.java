package org.elasticreset.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.re2j.Pattern;
import java.util.List;
import java.util.Map;
import org.elasticreset.reward.WeightedSum.Term;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScorersTest {

  private static final List<ScorableText> TEXTS =
      List.of(
          new ScorableText("It was", " good", 10, Map.of()),
          new ScorableText("It was good", " bad", 5, Map.of()),
          new ScorableText("It was", " a very long story", 25, Map.of()));

  @Test
  void patternIsLookedForInTheResponseOnly() {
    assertThat(new RegexScorer(Pattern.compile("\\bgood\\b")).score(TEXTS))
        .containsExactly(1, 0, 0);
  }

  /**
   * With the JDK's expressions the first ends in a StackOverflowError, the other not in an hour.
   */
  @ParameterizedTest
  @CsvSource({"'(?:please|thanks|\\s)+$', 'please '", "'(.*a){12}$', a"})
  @Timeout(60)
  void patternThatBacktracksIsDoneWithTheLongestText(String pattern, String repeated) {
    var hostile =
        new ScorableText("", repeated.repeat((1 << 20) / repeated.length()) + "!", 1, Map.of());

    assertThat(new RegexScorer(Pattern.compile(pattern)).score(List.of(hostile)))
        .containsExactly(0);
  }

  @Test
  void lengthScoreFallsLinearlyOnBothSidesOfTheTargetAndNeverBelowZero() {
    assertThat(new LengthScorer(10).score(TEXTS)).containsExactly(1, 0.5, 0);
  }

  @Test
  void classifierSeesPromptAndResponseAndGivesTheLabelAndTheOutputAskedFor() {
    var classifier = new FakeClassifier(text -> text.contains("good") ? 0.9f : 0.2f);
    assertThat(new ClassifierScorer(classifier, 1, ClassifierOutput.PROBABILITY).score(TEXTS))
        .containsExactly(0.9f, 0.9f, 0.2f);
    assertThat(classifier.calls).isEqualTo(1);
    assertThat(new ClassifierScorer(classifier, 1, ClassifierOutput.LOGIT).score(TEXTS))
        .containsExactly(1.8f, 1.8f, 0.4f);
  }

  @Test
  void rewardIsTheWeightedSumAndEveryScoreIsKept() {
    var reward =
        new WeightedSum(
            Map.of(
                "length", new Term(2, new LengthScorer(10)),
                "good", new Term(-0.5, new RegexScorer(Pattern.compile("good")))));
    var rewards = reward.of(TEXTS);
    assertThat(rewards.totals()).containsExactly(1.5, 1, 0);
    assertThat(rewards.scores().get("length")).containsExactly(1, 0.5, 0);
    assertThat(rewards.scores().get("good")).containsExactly(1, 0, 0);
  }

  @Test
  void rewardWithoutAScorerIsRefused() {
    assertThatThrownBy(() -> new WeightedSum(Map.of()))
        .hasMessage("reward.scorers: none (expected: at least one scorer)");
  }
}
