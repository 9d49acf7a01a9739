package org.elasticreset.cli.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import org.elasticreset.cli.tracking.MetricsPoint.Note;
import org.junit.jupiter.api.Test;

class MetricsPointTest {
  private static final String HEAD =
      "\"policy_version\":4,\"reset_epoch\":1,\"time\":\"2026-11-01T10:00:00.250Z\"";

  @Test
  void figuresOfAStepAreOfTraining() throws IOException {
    MetricsPoint point =
        point(
            "{\"event\":\"step\",\"step\":3,%s,\"reward_mean\":0.5,\"staleness_max\":1,"
                + "\"dropped\":{\"stale-epoch\":2}}");

    assertThat(point.step()).isEqualTo(3);
    assertThat(point.time()).isEqualTo(Instant.parse("2026-11-01T10:00:00.250Z"));
    assertThat(point.scalars())
        .isEqualTo(
            Map.of(
                "train/reward_mean", 0.5,
                "train/staleness_max", 1.0,
                "train/dropped/stale-epoch", 2.0,
                "policy_version", 4.0,
                "reset_epoch", 1.0));
    assertThat(point.note()).isNull();
  }

  @Test
  void figuresOfAnEvaluationAreOfEvaluationWhateverWasEvaluated() throws IOException {
    assertThat(
            point(
                    "{\"event\":\"evaluation\",\"step\":3,%s,\"judge_mean\":0.25,\"samples\":64,"
                        + "\"of\":\"average\"}")
                .scalars())
        .isEqualTo(Map.of("eval/judge_mean", 0.25));
  }

  @Test
  void figureThatIsNotFiniteHasNoPoint() throws IOException {
    assertThat(point("{\"event\":\"step\",\"step\":3,%s,\"policy_loss\":null}").scalars())
        .containsOnlyKeys("policy_version", "reset_epoch");
  }

  @Test
  void resetIsAPointAndAWord() throws IOException {
    MetricsPoint point =
        point(
            "{\"event\":\"reset\",\"step\":3,%s,\"reason\":\"3 updates\",\"initial_share\":0.7,"
                + "\"to\":\"initial\"}");

    assertThat(point.scalars()).containsEntry("reset/initial_share", 0.7);
    assertThat(point.scalars()).containsEntry("reset_epoch", 1.0);
    assertThat(point.note())
        .isEqualTo(new Note("resets", "reset 1 behind step 3, to initial: 3 updates"));
  }

  @Test
  void updateThatWasDiscardedIsAWord() throws IOException {
    assertThat(
            point("{\"event\":\"update_discarded\",\"step\":3,%s,\"reason\":\"loss is NaN\"}")
                .note())
        .isEqualTo(
            new Note("updates_discarded", "the update of step 3 was discarded: loss is NaN"));
  }

  private static MetricsPoint point(String line) throws IOException {
    return MetricsPoint.of(new ObjectMapper().readTree(line.formatted(HEAD)));
  }
}
