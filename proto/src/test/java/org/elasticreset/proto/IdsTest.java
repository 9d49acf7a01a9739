package org.elasticreset.proto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdsTest {

  @Test
  void idsNamePurposeStepBatchAndPlace() {
    assertThat(BatchIds.training(12, 0)).isEqualTo("train-12-0");
    assertThat(BatchIds.evaluation(0, 3)).isEqualTo("evaluation-0-3");
    assertThat(RolloutIds.of("train-12-0", 3)).isEqualTo("train-12-0/3");
  }

  @Test
  void rolloutIdGivesBackItsParts() {
    assertThat(RolloutIds.batchId("train-12-0/31")).isEqualTo("train-12-0");
    assertThat(RolloutIds.index("train-12-0/31")).isEqualTo(31);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "train-12-0", "/3", "train-12-0/", "train-12-0/x", "train-12-0/-1"})
  void malformedRolloutIdIsNamed(String id) {
    assertThatThrownBy(() -> RolloutIds.index(id))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("rollout id: '" + id + "' (expected: <batch id>/<index>");
  }

  @Test
  void requestIdGivesBackItsParts() {
    String caseId = RatingIds.caseOf("train-12-0/3", 17);
    assertThat(caseId).isEqualTo("train-12-0/3@17");
    assertThat(RatingIds.request(caseId, 1)).isEqualTo("train-12-0/3@17#1");
    assertThat(RatingIds.caseId("train-12-0/3@17#1")).isEqualTo(caseId);
    assertThat(RatingIds.index("train-12-0/3@17#1")).isEqualTo(1);
    assertThatThrownBy(() -> RatingIds.request("a#b", 0))
        .hasMessage("case_id: 'a#b' (expected: not blank and without '#')");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "train-12-0/3@17", "#3", "train-12-0/3@17#", "a#b", "a#1#2", "a#-1"})
  void malformedRequestIdIsNamed(String id) {
    assertThatThrownBy(() -> RatingIds.index(id))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("request_id: '" + id + "' (expected: <case id>#<index>");
  }

  @Test
  void numbersOutOfRangeAreNamed() {
    assertThatThrownBy(() -> BatchIds.training(0, 0)).hasMessage("step: 0 (expected: at least 1)");
    assertThatThrownBy(() -> BatchIds.evaluation(1, -1))
        .hasMessage("batch index: -1 (expected: at least 0)");
    assertThatThrownBy(() -> RolloutIds.of("train-1-0", -2))
        .hasMessage("rollout index: -2 (expected: at least 0)");
    assertThatThrownBy(() -> RolloutIds.of("a/b", 0))
        .hasMessage("batch id: 'a/b' (expected: not empty and without '/')");
  }

  /** Changing the derivation would change every published run. */
  @Test
  void seedIsThatOfTheContract() throws Exception {
    var sha = MessageDigest.getInstance("SHA-256");
    sha.update(new byte[] {0, 0, 0, 0, 0, 0, 0, 7});
    var digest = sha.digest("train-12-0/3".getBytes(StandardCharsets.UTF_8));

    assertThat(RolloutIds.seed(7, "train-12-0/3"))
        .isEqualTo(new BigInteger(Arrays.copyOf(digest, 8)).longValue());
  }

  @Test
  void seedsDifferBetweenRolloutsAndRuns() {
    var seeds = new HashSet<Long>();
    for (long run = 0; run < 10; run++) {
      for (int step = 1; step <= 10; step++) {
        for (int index = 0; index < 10; index++) {
          seeds.add(RolloutIds.seed(run, RolloutIds.of(BatchIds.training(step, 0), index)));
        }
      }
    }
    assertThat(seeds).hasSize(1000);
  }
}
