package org.elasticreset.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TokenWindowsTest {

  private static final int END = 0;
  private static final int CONTEXT = 4;
  private static final int[] TEXT = IntStream.rangeClosed(1, 60).toArray();

  @Test
  void separatesDocumentsByEndOfText() {
    assertThat(TokenWindows.pack(List.of(new int[] {1, 2}, new int[] {3}), END))
        .containsExactly(END, 1, 2, END, 3, END);
  }

  @Test
  void everyWindowIsAStretchOfTheTextAndNoneComesTwiceInAnEpoch() {
    var windows = TokenWindows.of(List.of(TEXT), END, CONTEXT, 7);

    var starts = new ArrayList<Integer>();
    for (var window : windows.batch(0, windows.count())) {
      starts.add(window[0]);
      assertThat(window)
          .containsExactly(IntStream.range(0, CONTEXT + 1).map(i -> window[0] + i).toArray());
    }

    assertThat(starts).doesNotHaveDuplicates().hasSize(14);
    assertThat(starts).isNotEqualTo(starts.stream().sorted().toList());
  }

  @Test
  void aStepHasTheSameWindowsWhateverWasAskedBefore() {
    var straight = TokenWindows.of(List.of(TEXT), END, CONTEXT, 7);
    var resumed = TokenWindows.of(List.of(TEXT), END, CONTEXT, 7);
    for (int step = 0; step < 20; step++) {
      straight.batch(step, 3);
    }

    assertThat(resumed.batch(20, 3)).usingRecursiveComparison().isEqualTo(straight.batch(20, 3));
  }

  @Test
  void anotherSeedAndAnotherEpochShuffleOtherwise() {
    var windows = TokenWindows.of(List.of(TEXT), END, CONTEXT, 7);
    var other = TokenWindows.of(List.of(TEXT), END, CONTEXT, 8);
    int all = windows.count();

    assertThat(first(windows.batch(0, all))).isNotEqualTo(first(other.batch(0, all)));
    assertThat(first(windows.batch(0, all))).isNotEqualTo(first(windows.batch(1, all)));
  }

  @Test
  void refusesTextThatFillsNoTwoWindows() {
    assertThatThrownBy(() -> TokenWindows.of(List.of(new int[] {1, 2, 3}), END, CONTEXT, 7))
        .hasMessage("training text: 5 tokens (expected: more than 8, two windows of the context)");
  }

  private static List<Integer> first(List<int[]> windows) {
    return windows.stream().map(window -> window[0]).toList();
  }
}
