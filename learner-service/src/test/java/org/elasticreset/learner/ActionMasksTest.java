package org.elasticreset.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.elasticreset.proto.v1.TrainingEvent.EventCase.TRAINING_STEP;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.elasticreset.proto.v1.PromptBatch;
import org.elasticreset.proto.v1.Purpose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ActionMasksTest {

  @TempDir Path directory;

  @Test
  void trainingIsMaskedByTheVersionOfTheLastRenewal() throws Exception {
    FakeRun run = FakeRun.of(masked("steps", "5"));

    assertThat(batches(run, Purpose.TRAINING))
        .extracting(PromptBatch::getTargetStep, batch -> batch.getSampling().getMaskPolicyVersion())
        .contains(tuple(1L, 1L), tuple(2L, 1L), tuple(3L, 3L), tuple(4L, 3L), tuple(5L, 5L))
        .hasSize(10);
    assertThat(batches(run, Purpose.TRAINING))
        .allSatisfy(batch -> assertThat(batch.getSampling().getMaskTopP()).isEqualTo(0.75f));
  }

  @Test
  void evaluationsMeasureThePolicyThatIsHandedOver() throws Exception {
    FakeRun run = FakeRun.of(masked("steps", "4"));

    assertThat(batches(run, Purpose.EVALUATION))
        .isNotEmpty()
        .allSatisfy(batch -> assertThat(batch.getSampling().getMaskPolicyVersion()).isZero());
  }

  @Test
  void masksHaveCheckpointsThatAreKeptAsLongAsSomethingMayGoOnBehindThem() throws Exception {
    FakeRun run =
        FakeRun.of(
            masked(
                "steps",
                "7",
                "nlpo.update-every",
                "4",
                "checkpoint.every",
                "5",
                "checkpoint.keep",
                "2"));

    assertThat(run.emaService.released).containsExactly(0L, 4L, 5L, 7L);
    assertThat(run.checkpoints().steps()).containsExactly(7L, 5L);
    assertThat(run.emaService.kept).containsExactly(7L, 5L, 4L);
  }

  @Test
  void updateIsThatOfTheMaskedPolicy() throws Exception {
    FakeRun plain = FakeRun.of(TestConfig.in(directory, "steps", "1"));
    FakeRun run = FakeRun.of(masked("steps", "1"));

    double shift =
        run.events(TRAINING_STEP).get(0).getTrainingStep().getKlToInitialNats()
            - plain.events(TRAINING_STEP).get(0).getTrainingStep().getKlToInitialNats();

    // The fake tells its mask by the first token's log-probability.
    assertThat(shift).isNotZero();
  }

  private static List<PromptBatch> batches(FakeRun run, Purpose purpose) {
    return run.workers.issued.stream().filter(batch -> batch.getPurpose() == purpose).toList();
  }

  private LearnerConfig masked(String... changes) {
    List<String> all = new ArrayList<>(List.of("nlpo.top-p", "0.75", "nlpo.update-every", "2"));
    all.addAll(List.of(changes));
    return TestConfig.in(directory, all.toArray(String[]::new));
  }
}
