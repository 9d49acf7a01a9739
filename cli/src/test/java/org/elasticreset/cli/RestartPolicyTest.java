package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.elasticreset.cli.RestartPolicy.Decision.GiveUp;
import org.elasticreset.cli.RestartPolicy.Decision.StartAgain;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RestartPolicyTest {
  private final RestartPolicy policy = new RestartPolicy();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 75, 137, 143})
  void firstDeathIsMendedAtOnce(int exitCode) {
    assertThat(policy.died("learner-service", exitCode)).isEqualTo(new StartAgain(Duration.ZERO));
  }

  @Test
  void badSettingsAndDivergedTrainingAreNotTriedAgain() {
    assertThat(policy.died("ema-service", 2)).isEqualTo(new GiveUp("its settings cannot work"));
    assertThat(policy.died("learner-service", 3)).isEqualTo(new GiveUp("training diverged"));
  }

  @Test
  void delaysGrowAndTheFifthDeathInARowIsTheLast() {
    assertThat(died(5)).isEqualTo(new GiveUp("it died 5 times without a training step in between"));
  }

  @Test
  void deathsOfOtherServicesDoNotCount() {
    died(4);

    assertThat(policy.died("reward-service", 1)).isEqualTo(new StartAgain(Duration.ZERO));
  }

  @Test
  void trainingStepLetsTheCountBeginAgain() {
    died(4);
    policy.stepDone(1);

    assertThat(died(4)).isEqualTo(new StartAgain(Duration.ofSeconds(2)));
  }

  @Test
  void stepThatIsDoneAgainIsNoProgress() {
    policy.stepDone(3);
    died(4);
    policy.stepDone(2);
    policy.stepDone(3);

    assertThat(died(1)).isInstanceOf(GiveUp.class);
  }

  /** The decision on the last of some deaths. */
  private RestartPolicy.Decision died(int times) {
    for (int i = 1; i < times; i++) {
      policy.died("learner-service", 75);
    }
    return policy.died("learner-service", 75);
  }
}
