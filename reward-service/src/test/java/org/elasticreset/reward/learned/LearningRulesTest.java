package org.elasticreset.reward.learned;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.elasticreset.model.text.PreferencePair;
import org.elasticreset.reward.learned.RetrainingRule.Attempt;
import org.junit.jupiter.api.Test;

class LearningRulesTest {

  private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");

  private static List<PreferencePair> pairs(int prompts) {
    List<PreferencePair> pairs = new ArrayList<>();
    for (int i = 0; i < prompts; i++) {
      for (int j = 0; j < 3; j++) {
        pairs.add(new PreferencePair("prompt " + i, "better " + j, "worse", Optional.empty()));
      }
    }
    return pairs;
  }

  @Test
  void aPairStaysOnItsSideWhateverComesBesideIt() {
    HeldOut heldOut = new HeldOut(0.25);

    var few = heldOut.split(pairs(100)).orElseThrow();
    var many = heldOut.split(pairs(2000)).orElseThrow();

    assertThat(many.heldOut()).containsAll(few.heldOut());
    assertThat(many.training()).containsAll(few.training());
    assertThat(many.heldOut().size()).isBetween(3 * 440, 3 * 560);
  }

  @Test
  void allPairsOfAPromptAreOnOneSide() {
    var split = new HeldOut(0.5).split(pairs(50)).orElseThrow();

    assertThat(split.training())
        .extracting(PreferencePair::prompt)
        .doesNotContainAnyElementsOf(split.heldOut().stream().map(PreferencePair::prompt).toList());
  }

  @Test
  void thereIsNoSplitWithNothingOnOneSide() {
    HeldOut heldOut = new HeldOut(0.5);
    var oneSided =
        IntStream.range(0, 50)
            .mapToObj(i -> new PreferencePair("p" + i, "a", "b", Optional.empty()))
            .filter(pair -> heldOut.holds(pair.prompt()))
            .toList();

    assertThat(heldOut.split(oneSided)).isEmpty();
  }

  @Test
  void isTrainedWhenEnoughIsThereEnoughIsNewAndItIsTime() {
    RetrainingRule rule = new RetrainingRule(20, 50, Duration.ofMinutes(5));
    Attempt last = new Attempt(100, NOW);
    Instant later = NOW.plusSeconds(300);

    assertThat(rule.isDue(49, Attempt.NONE, NOW)).isFalse();
    assertThat(rule.isDue(50, Attempt.NONE, NOW)).isTrue();
    assertThat(rule.isDue(119, last, later)).isFalse();
    assertThat(rule.isDue(120, last, later)).isTrue();
    assertThat(rule.isDue(80, last, later)).as("taken back").isTrue();
    assertThat(rule.isDue(120, last, later.minusMillis(1))).isFalse();
  }
}
