package org.elasticreset.rating.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ShownOrderTest {

  @Test
  void neitherPlaceIsDrawnMoreOftenThanChanceDoes() {
    long swapped =
        IntStream.range(0, 10_000)
            .filter(i -> ShownOrder.drawn("train-1-0/" + i + "@17#0", 2).toString().equals("1,0"))
            .count();
    // 4 standard deviations of 10,000 coins.
    assertThat(swapped).isBetween(4_800L, 5_200L);
  }

  @Test
  void oneRequestIsAlwaysShownAlike() {
    assertThat(ShownOrder.drawn("a#0", 5)).isEqualTo(ShownOrder.drawn("a#0", 5));
  }

  @Test
  void ranksGoBackToTheOrderOfTheRequest() {
    // Shown: candidate 2 first, then 0, then 1; the second that was shown is the best.
    assertThat(new ShownOrder(List.of(2, 0, 1)).ranks(List.of(2, 1, 3))).containsExactly(1, 3, 2);
  }

  @Test
  void anOrderHasEachCandidateOnce() {
    for (var wrong : List.of(List.of(0, 0), List.of(1, 2), List.<Integer>of())) {
      assertThatThrownBy(() -> new ShownOrder(wrong))
          .hasMessage("shown: " + wrong + " (expected: each index from 0 once)");
    }
  }
}
