package org.elasticreset.model.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DataSplitTest {

  @Test
  void aPromptThatIsHeldOutIsNotTrainedOn() {
    var training = List.of(pair("a", "1"), pair("b", "2"), pair("a", "3"));

    var split = DataSplit.of(training, List.of(pair("a", "4")), PromptResponse::prompt);

    assertThat(split.training()).containsExactly(pair("b", "2"));
    assertThat(split.heldOut()).containsExactly(pair("a", "4"));
    assertThat(split.removed()).isEqualTo(2);
  }

  @Test
  void rowsThatNameTheirPartAreTakenAtTheirWord() {
    var rows = List.of(pair("a", "train"), pair("b", "Validation"), pair("b", "train"));

    var split = split(rows, 0.5);

    assertThat(split.training()).containsExactly(rows.get(0));
    assertThat(split.heldOut()).containsExactly(rows.get(1));
    assertThat(split.removed()).isEqualTo(1);
  }

  @Test
  void withoutPartsAShareOfThePromptsIsDrawnAndWholePromptsStayTogether() {
    var rows =
        IntStream.range(0, 60)
            .mapToObj(i -> new PromptResponse("p" + i % 20, "r" + i, Optional.empty()))
            .toList();

    var split = split(rows, 0.25);

    var heldOut = split.heldOut().stream().map(PromptResponse::prompt).collect(Collectors.toSet());
    assertThat(heldOut).hasSize(5);
    assertThat(split.heldOut()).hasSize(15);
    assertThat(split.training()).noneMatch(row -> heldOut.contains(row.prompt())).hasSize(45);
    assertThat(split(rows, 0.25)).isEqualTo(split);
  }

  @Test
  void refusesPartsThatItDoesNotKnowAndSidesWithoutRows() {
    assertThatThrownBy(() -> split(List.of(pair("a", "train"), pair("b", "secret")), 0.5))
        .hasMessage("split: 'secret' (expected: train or test in every row, or in none)");
    assertThatThrownBy(() -> split(List.of(pair("a", "train"), pair("a", "test")), 0.5))
        .hasMessageStartingWith("split: 0 rows to train on, 1 held out");
  }

  private static DataSplit<PromptResponse> split(List<PromptResponse> rows, double share) {
    return DataSplit.of(rows, PromptResponse::prompt, PromptResponse::split, share, 7);
  }

  private static PromptResponse pair(String prompt, String part) {
    return new PromptResponse(prompt, "response", Optional.of(part));
  }
}
