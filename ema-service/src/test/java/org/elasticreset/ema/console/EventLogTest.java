package org.elasticreset.ema.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.elasticreset.proto.v1.AuditEvent;
import org.elasticreset.proto.v1.EvaluationMetrics;
import org.elasticreset.proto.v1.Sample;
import org.elasticreset.proto.v1.StepMetrics;
import org.elasticreset.proto.v1.TrainingEvent;
import org.junit.jupiter.api.Test;

class EventLogTest {

  private final EventLog log = new EventLog("run", new LearnerTime());

  @Test
  void whatALearnerTellsAgainReplacesWhatItToldBefore() {
    log.add(0, step(1));
    log.add(1, step(2));
    log.add(2, audit("a"));
    log.add(3, step(3));

    log.add(4, step(2));

    assertThat(ids(-1)).containsExactly(0L, 2L, 4L);
  }

  @Test
  void whoHasSomeOfItIsGivenTheRest() {
    for (int i = 0; i < 5; i++) {
      log.add(i, step(i + 1));
    }

    assertThat(ids(2)).containsExactly(3L, 4L);
  }

  @Test
  void copiesAndOtherRunsAreLeftOut() {
    log.add(0, audit("a"));

    log.add(1, audit("a"));
    log.add(2, step(1).toBuilder().setRunId("other").build());

    assertThat(ids(-1)).containsExactly(0L);
  }

  @Test
  void samplesAreKeptOfTheNewestEvaluationAlone() {
    log.add(0, evaluation(1, "first"));

    log.add(1, evaluation(2, "second"));

    assertThat(log.after(-1, 10).get(0).json()).doesNotContain("first");
    assertThat(log.after(-1, 10).get(1).json()).contains("second");
  }

  @Test
  void memoryHasABoundAndTheNewestIsKept() {
    for (int i = 0; i < 3 * EventLog.MOST; i++) {
      log.add(i, step(i + 1));
    }

    List<Long> ids = ids(-1);

    assertThat(ids).hasSizeLessThanOrEqualTo(EventLog.MOST).startsWith(0L);
    assertThat(ids).endsWith(3L * EventLog.MOST - 1);
  }

  private List<Long> ids(long after) {
    return log.after(after, Integer.MAX_VALUE).stream().map(EventLog.Entry::id).toList();
  }

  private static TrainingEvent step(long sequence) {
    return TrainingEvent.newBuilder()
        .setRunId("run")
        .setSequence(sequence)
        .setTrainingStep(StepMetrics.getDefaultInstance())
        .build();
  }

  private static TrainingEvent evaluation(long sequence, String response) {
    return TrainingEvent.newBuilder()
        .setRunId("run")
        .setSequence(sequence)
        .setEvaluation(
            EvaluationMetrics.newBuilder().addSamples(Sample.newBuilder().setResponse(response)))
        .build();
  }

  private static TrainingEvent audit(String id) {
    return TrainingEvent.newBuilder()
        .setRunId("run")
        .setAudit(AuditEvent.newBuilder().setId(id))
        .build();
  }
}
