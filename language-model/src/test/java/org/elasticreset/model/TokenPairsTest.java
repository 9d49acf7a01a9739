package org.elasticreset.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TokenPairsTest {

  private static final List<TokenSequence> PAIRS =
      IntStream.range(0, 100)
          .mapToObj(i -> new TokenSequence(new int[] {i}, new int[1 + (i * 37) % 41]))
          .toList();

  @Test
  void anEpochHasEveryPairOnce() {
    var pairs = new TokenPairs(PAIRS, 1);

    var seen = new ArrayList<TokenSequence>();
    for (int step = 0; step < 13; step++) {
      seen.addAll(pairs.examples(step, 8));
    }

    assertThat(seen).hasSize(100).containsExactlyInAnyOrderElementsOf(PAIRS);
    assertThat(pairs.tokens())
        .isEqualTo(PAIRS.stream().mapToLong(pair -> pair.responseTokens().length).sum());
  }

  @Test
  void aBatchIsOfLikeLengths() {
    var pairs = new TokenPairs(PAIRS, 1);

    for (int step = 0; step < 13; step++) {
      var lengths = pairs.examples(step, 8).stream().mapToInt(TokenSequence::length);
      var range = lengths.summaryStatistics();
      assertThat(range.getMax() - range.getMin()).isLessThanOrEqualTo(6);
    }
  }

  @Test
  void aStepHasTheSamePairsWhateverWasAskedBefore() {
    var straight = new TokenPairs(PAIRS, 1);
    for (int step = 0; step < 30; step++) {
      straight.examples(step, 8);
    }

    assertThat(new TokenPairs(PAIRS, 1).examples(30, 8)).isEqualTo(straight.examples(30, 8));
    assertThat(new TokenPairs(PAIRS, 2).examples(30, 8)).isNotEqualTo(straight.examples(30, 8));
  }
}
