package org.elasticreset.ema;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.elasticreset.algorithm.ElasticReset;
import org.elasticreset.algorithm.ResetRequest;
import org.elasticreset.algorithm.ResetTarget;
import org.elasticreset.algorithm.ResetTrigger;
import org.elasticreset.ema.UpdateAnswer.Continued;
import org.elasticreset.ema.UpdateAnswer.WasReset;
import org.elasticreset.proto.v1.ResetTo;
import org.junit.jupiter.api.Test;

class AveragedPolicyTest extends StateOfARun {

  @Test
  void initialPolicyBecomesVersionOneAndNoUpdate() {
    var policy = begun(new ResetTrigger.EveryNUpdates(1));

    assertThat(policy.view().version()).isEqualTo(1);
    assertThat(policy.view().reset().updates()).isZero();
    var served = policy.view().newest().orElseThrow();
    assertThat(served.version().getDigest()).isEqualTo(Policies.digest(initial));
    assertThat(Policies.floats(served.weights())).isEqualTo(initial);
  }

  @Test
  void resetPublishesTheAverageAndStartsItAgainFromTheInitialWeights() {
    var policy = begun(new ResetTrigger.EveryNUpdates(3));
    for (int round = 0; round < 3; round++) {
      var updates = new ArrayList<float[]>();
      for (int n = 1; n <= 3; n++) {
        updates.add(Policies.random(COUNT, 10 * round + n));
        var answer = take(policy, 3 * round + n, true, updates.get(n - 1));

        if (n < 3) {
          assertThat(answer).isInstanceOf(Continued.class);
          assertThat(served(policy)).isEqualTo(updates.get(n - 1));
        } else {
          assertThat(answer)
              .isInstanceOfSatisfying(
                  WasReset.class,
                  reset -> {
                    assertThat(reset.reason()).isEqualTo("3 updates since the last reset");
                    assertThat(reset.requested()).isFalse();
                    assertThat(reset.held()).isTrue();
                  });
          policy.release(learner, Policies.release(3 * round + 3));
          assertThat(served(policy)).isEqualTo(Policies.average(initial, updates));
        }
      }
      assertThat(policy.view().reset().resetEpoch()).isEqualTo(round + 1);
      assertThat(policy.view().version()).isEqualTo(3 * round + 4);
      assertThat(policy.status().getInitialShare()).isEqualTo(1);
    }
  }

  @Test
  void resetToTheInitialWeightsPublishesThemAndStartsTheAverageAgain() throws Exception {
    var policy = begun(new ElasticReset(new ResetTrigger.EveryNUpdates(2), 0, ResetTarget.INITIAL));
    take(policy, 1, true, Policies.random(COUNT, 1));

    var answer = take(policy, 2, true, Policies.random(COUNT, 2));
    policy.release(learner, Policies.release(2));
    var third = Policies.random(COUNT, 3);
    policy.take(learner, Policies.upload(Policies.checkpoint(3), third));

    assertThat(answer)
        .isInstanceOfSatisfying(WasReset.class, reset -> assertThat(reset.toInitial()).isTrue());
    assertThat(served(policy)).isEqualTo(initial);
    assertThat(
            Policies.floats(
                policy
                    .snapshots()
                    .read(3, policy.view().newest().orElseThrow().layout())
                    .average()))
        .as("the average knows nothing from before")
        .isEqualTo(Policies.average(initial, List.of(third)));
    assertThat(policy.status().getResetTo()).isEqualTo(ResetTo.RESET_TO_INITIAL);
  }

  @Test
  void updatesWithinAStepEnterTheAverageAndPublishNothing() {
    var policy = begun(new ResetTrigger.EveryNUpdates(2));
    var updates =
        List.of(Policies.random(COUNT, 1), Policies.random(COUNT, 2), Policies.random(COUNT, 3));

    take(policy, 1, false, updates.get(0));
    var within = take(policy, 1, false, updates.get(1));
    var last = take(policy, 1, true, updates.get(2));
    policy.release(learner, Policies.release(1));

    assertThat(within)
        .isEqualTo(new Continued(policy.view().policies().get(1).version(), false, false));
    assertThat(last).isInstanceOf(WasReset.class);
    assertThat(policy.view().version()).isEqualTo(2);
    assertThat(served(policy)).isEqualTo(Policies.average(initial, updates));
  }

  @Test
  void operatorsRequestResetsAfterTheNextPublishedUpdate() {
    var policy = begun(new ResetTrigger.OnRequest());
    assertThat(take(policy, 1, true, Policies.random(COUNT, 1))).isInstanceOf(Continued.class);

    policy.operators().request(Policies.RUN, new ResetRequest("ada", "it drifts"));
    assertThat(policy.status().getResetRequested()).isTrue();
    var answer = take(policy, 2, true, Policies.random(COUNT, 2));

    assertThat(answer)
        .isInstanceOfSatisfying(
            WasReset.class,
            reset -> {
              assertThat(reset.reason()).contains("ada").contains("it drifts");
              assertThat(reset.requested()).isTrue();
            });
    assertThat(policy.status().getResetRequested()).isFalse();
  }

  @Test
  void driftBeyondTheBudgetResets() {
    var policy = begun(new ResetTrigger.DriftBudget(2));
    var header = Policies.update(1, true).toBuilder();

    var within =
        policy.take(learner, Policies.upload(header.setKlToInitialNats(1.9).build(), initial));
    var beyond =
        policy.take(
            learner, Policies.upload(header.setStep(2).setKlToInitialNats(2.1).build(), initial));

    assertThat(within).isInstanceOf(Continued.class);
    assertThat(beyond).isInstanceOf(WasReset.class);
  }

  @Test
  void onlyTheNewestVersionsAreKept() {
    var policy = begun(new ResetTrigger.OnRequest());
    for (int step = 1; step <= 4; step++) {
      take(policy, step, true, Policies.random(COUNT, step));
    }

    assertThat(policy.view().policies())
        .extracting(kept -> kept.version().getVersion())
        .containsExactly(5L, 4L);
  }
}
