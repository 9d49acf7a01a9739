package org.elasticreset.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.elasticreset.proto.v1.TrainingEvent.EventCase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RehearsalTest {

  private static final int TEXTS = 40;

  @TempDir Path directory;

  @Test
  void textsOfAStepDependOnTheSeedAndItsPlaceAlone() {
    Rehearsal rehearsal = rehearsal(5, 1);
    List<int[]> first = rehearsal.texts(3, 1, 2);
    rehearsal.texts(7, 1, 1);

    assertThat(rehearsal.texts(3, 1, 2)).isEqualTo(first);
    assertThat(rehearsal(5, 1).texts(3, 1, 2)).usingRecursiveComparison().isEqualTo(first);
    assertThat(rehearsal(5, 2).texts(3, 1, 2)).usingRecursiveComparison().isNotEqualTo(first);
    assertThat(rehearsal.texts(3, 2, 2)).isNotEqualTo(first);
    assertThat(rehearsal.texts(3, 1, 1)).isNotEqualTo(first);
    assertThat(rehearsal.texts(4, 1, 2)).isNotEqualTo(first);
  }

  @Test
  void everyTextIsDrawnOnceInAStepAndAllOfThemInTheLongRun() {
    Rehearsal rehearsal = rehearsal(5, 1);
    List<int[]> drawn = new ArrayList<>();
    for (int step = 1; step <= 100; step++) {
      List<int[]> texts = rehearsal.texts(step, 1, 1);
      assertThat(texts).hasSize(5).doesNotHaveDuplicates();
      drawn.addAll(texts);
    }

    assertThat(drawn.stream().map(text -> text[0]).distinct()).hasSize(TEXTS);
  }

  @Test
  void longTextsAreCutAndThoseThatPredictNothingLeftOut() {
    List<int[]> texts = List.of(new int[] {1, 2, 3, 4, 5}, new int[] {6}, new int[] {7, 8});

    Rehearsal rehearsal = new Rehearsal(texts, 3, 2, new Seeds(1));

    assertThat(rehearsal.texts(1, 1, 1))
        .containsExactlyInAnyOrder(new int[] {1, 2, 3}, new int[] {7, 8});
    assertThatThrownBy(() -> new Rehearsal(texts, 3, 3, new Seeds(1)))
        .hasMessage(
            "learner.rehearsal.batch-size: 3 (expected: at most 2, the texts of learner.rehearsal.texts)");
  }

  @Test
  void textsOfTheEvaluationAreNotRehearsed() {
    String text = directory.resolve("prompts.txt").toString();

    LearnerConfig config = rehearsing(text, "evaluation.human-text", text);

    assertThat(LearnerConfigCheck.problems(config))
        .singleElement()
        .asString()
        .startsWith("learner.rehearsal.texts: ")
        .contains("(expected: another file than evaluation.human-text, ");
  }

  @Test
  void settingsThatCannotWorkAreNamed() {
    LearnerConfig config =
        rehearsing("/nowhere", "rehearsal.coefficient", "0", "rehearsal.batch-size", "0");

    assertThat(LearnerConfigCheck.problems(config))
        .containsExactly(
            "learner.rehearsal.coefficient: 0.0 (expected: > 0)",
            "learner.rehearsal.batch-size: 0 (expected: >= 1)",
            "learner.rehearsal.texts: /nowhere (expected: an existing text file)");
  }

  private LearnerConfig rehearsing(String texts, String... changes) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "rehearsal.texts",
                texts,
                "rehearsal.coefficient",
                "0.1",
                "rehearsal.batch-size",
                "2"));
    all.addAll(List.of(changes));
    return TestConfig.in(directory, all.toArray(String[]::new));
  }

  @Test
  void plainRunTellsNothingOfTermsItDoesNotHave() throws Exception {
    FakeRun run = FakeRun.of(TestConfig.in(directory));

    assertThat(run.policy.rehearsed).isEmpty();
    assertThat(run.events(EventCase.TRAINING_STEP))
        .noneMatch(event -> event.getTrainingStep().hasRehearsalLoss())
        .noneMatch(event -> event.getTrainingStep().hasDistanceToInitial());
  }

  private static Rehearsal rehearsal(int batchSize, long seed) {
    List<int[]> texts =
        IntStream.range(0, TEXTS).mapToObj(i -> new int[] {i, i + 1, i + 2}).toList();
    return new Rehearsal(texts, 10, batchSize, new Seeds(seed));
  }
}
