package org.elasticreset.learner;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.elasticreset.model.text.PromptText;
import org.junit.jupiter.api.Test;

class PromptsTest {

  private static final List<PromptText> TEXTS =
      IntStream.range(0, 10).mapToObj(Integer::toString).map(PromptText::of).toList();

  @Test
  void everyTextIsDrawnOnceBeforeAnyIsDrawnAgain() {
    Prompts prompts = new Prompts(TEXTS, 4, 1, new Seeds(1));
    List<PromptText> drawn = new ArrayList<>();
    for (int step = 1; step <= 5; step++) {
      drawn.addAll(prompts.ofStep(step));
    }

    assertThat(drawn.subList(0, 10)).containsExactlyInAnyOrderElementsOf(TEXTS);
    assertThat(drawn.subList(10, 20)).containsExactlyInAnyOrderElementsOf(TEXTS);
    assertThat(drawn.subList(0, 10)).isNotEqualTo(drawn.subList(10, 20));
  }

  @Test
  void promptsOfAStepDependOnSeedAndStepAlone() {
    Prompts forwards = new Prompts(TEXTS, 4, 1, new Seeds(1));
    forwards.ofStep(1);
    forwards.ofStep(9);

    assertThat(new Prompts(TEXTS, 4, 1, new Seeds(1)).ofStep(3)).isEqualTo(forwards.ofStep(3));
    assertThat(new Prompts(TEXTS, 4, 1, new Seeds(2)).ofStep(3)).isNotEqualTo(forwards.ofStep(3));
  }

  @Test
  void promptThatIsAnsweredSeveralTimesStandsSeveralTimes() {
    List<PromptText> once = new Prompts(TEXTS, 2, 1, new Seeds(1)).ofStep(4);

    List<PromptText> thrice = new Prompts(TEXTS, 6, 3, new Seeds(1)).ofStep(4);

    assertThat(thrice)
        .containsExactly(
            once.get(0), once.get(0), once.get(0), once.get(1), once.get(1), once.get(1));
  }
}
