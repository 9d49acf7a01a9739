package org.elasticreset.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.elasticreset.proto.v1.TrainingEvent.EventCase.TRAINING_STEP;
import static org.elasticreset.proto.v1.TrainingEvent.EventCase.UPDATE_DISCARDED;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.elasticreset.model.TokenSequence;
import org.elasticreset.proto.v1.TrainingEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IteratedLearningTest {

  @TempDir Path directory;

  @Test
  void everyThirdStepImitatesItsRolloutsInThePlaceOfTheObjective() throws Exception {
    FakeRun run = FakeRun.of(learning("steps", "7"));

    List<TrainingEvent> steps = run.events(TRAINING_STEP);
    assertThat(steps)
        .filteredOn(event -> event.getTrainingStep().hasImitationLoss())
        .extracting(TrainingEvent::getStep)
        .containsExactly(3L, 6L);
    assertThat(steps.get(2).getTrainingStep().getImitationLoss()).isEqualTo(2);
    assertThat(steps.get(2).getTrainingStep().getLearningRate()).isEqualTo(0.25);
    assertThat(steps.get(2).getTrainingStep().getPolicyLoss()).isNaN();
    assertThat(steps.get(2).getPolicyVersion()).isEqualTo(4);
    // Two epochs of two minibatches, five steps of the objective and two of imitation.
    assertThat(run.policy.minibatches).hasSize(5 * 4);
    assertThat(run.policy.imitated).hasSize(2 * 3 * 2);
  }

  @Test
  void everyRolloutIsImitatedOnceInAnEpoch() throws Exception {
    FakeRun run = FakeRun.of(learning("steps", "3"));

    List<TokenSequence> epoch = new ArrayList<>(run.policy.imitated.get(0));
    epoch.addAll(run.policy.imitated.get(1));
    List<TokenSequence> next = new ArrayList<>(run.policy.imitated.get(2));
    next.addAll(run.policy.imitated.get(3));

    assertThat(epoch).hasSize(4).doesNotHaveDuplicates();
    assertThat(next).containsExactlyInAnyOrderElementsOf(epoch);
  }

  @Test
  void studentStartsWhereTheLastImitationEndedAndTheFirstFromTheInitialPolicy() throws Exception {
    FakeRun run = FakeRun.of(learning("steps", "6"));

    // A step of the fake adds the learning rate to a weight for each sequence, and nothing else.
    List<Float> afterFirst = run.emaService.uploaded.get(3);
    List<Float> afterSecond = run.emaService.uploaded.get(6);
    assertThat(sum(afterFirst)).isEqualTo(1 + 2 + 3 + 4 + 3 * 4 * 0.25f);
    assertThat(sum(afterSecond)).isEqualTo(sum(afterFirst) + 3 * 4 * 0.25f);
  }

  @Test
  void studentIsNotTheAverageThatAResetPutsInItsPlace() throws Exception {
    FakeRun run = FakeRun.of(learning("steps", "6"), 3L);

    assertThat(sum(run.emaService.uploaded.get(6))).isEqualTo(1 + 2 + 3 + 4 + 2 * 3 * 4 * 0.25f);
  }

  private static float sum(List<Float> weights) {
    return (float) weights.stream().mapToDouble(Float::doubleValue).sum();
  }

  @Test
  void imitationThatIsNotFiniteIsDiscardedAndTheStudentIsAsBefore() throws Exception {
    FakeRun run =
        new FakeRun(
            learning("steps", "6", "on-non-finite-update", "discard"),
            new FakeEmaService(),
            UnaryOperator.identity());
    run.policy.imitationDiverges = true;
    float[] initial = run.policy.student.clone();

    run.run();

    assertThat(run.events(UPDATE_DISCARDED))
        .extracting(TrainingEvent::getStep)
        .containsExactly(3L, 6L);
    assertThat(run.events(UPDATE_DISCARDED).get(0).getUpdateDiscarded().getReason())
        .startsWith("step 3, an imitation, epoch 1, minibatch 1: gradient norm: NaN (expected: ");
    assertThat(run.policy.student).isEqualTo(initial);
    assertThat(run.policy.weights).doesNotContain(Float.NaN);
  }

  private LearnerConfig learning(String... changes) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "iterated-learning.every",
                "3",
                "iterated-learning.epochs",
                "3",
                "iterated-learning.learning-rate",
                "0.25"));
    all.addAll(List.of(changes));
    return TestConfig.in(directory, all.toArray(String[]::new));
  }
}
