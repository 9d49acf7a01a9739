package org.elasticreset.reward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RewardSettingsTest {

  private final Map<String, String> keys =
      new HashMap<>(
          Map.of(
              "reward.run-id", "a-run",
              "reward.scorers.good.type", "regex",
              "reward.scorers.good.pattern", "good"));

  private RewardSettings settings() {
    return new SmallRyeConfigBuilder()
        .withMapping(RewardSettings.class)
        .withSources(new PropertiesConfigSource(keys, "test", 100))
        .build()
        .getConfigMapping(RewardSettings.class);
  }

  @Test
  void scorersAreNamedAndTheJudgeIsOptional() {
    RewardSettings settings = settings();

    RewardSettings.requireValid(settings);
    assertThat(settings.scorers()).containsOnlyKeys("good");
    assertThat(settings.scorers().get("good").weight()).isEqualTo(1);
    assertThat(settings.judge()).isEmpty();
  }

  @Test
  void outputOfAClassifierIsAProbabilityOrALogit() {
    keys.put("reward.scorers.good.output", "logit");
    assertThat(settings().scorers().get("good").output()).contains(ClassifierOutput.LOGIT);

    keys.put("reward.scorers.good.output", "odds");
    assertThatThrownBy(this::settings)
        .hasMessageContaining("reward.scorers.good.output")
        .hasMessageContaining("odds");
  }

  @Test
  void unknownKeyIsRefused() {
    keys.put("reward.scorers.good.lable", "POSITIVE");

    assertThatThrownBy(this::settings).hasMessageContaining("reward.scorers.good.lable");
  }

  @Test
  void valuesOutOfBoundsAreRefusedByName() {
    keys.put("reward.threads", "0");

    assertThatThrownBy(() -> RewardSettings.requireValid(settings()))
        .hasMessage("reward.threads: 0 (expected: at least 1)");

    keys.put("reward.threads", "1");
    keys.put("reward.device", "tpu");

    assertThatThrownBy(() -> RewardSettings.requireValid(settings()))
        .hasMessage("reward.device: tpu (expected: auto, cpu or cuda:n)");
  }

  @Test
  void simulatedScorerBesideAModelIsRefused() {
    keys.put("reward.scorers.quick.type", "simulated");
    keys.put("reward.scorers.quick.batch-time", "20ms");
    RewardSettings.requireValid(settings());

    keys.put("reward.judge.type", "classifier");

    assertThatThrownBy(() -> RewardSettings.requireValid(settings()))
        .hasMessage(
            "reward.judge.type: classifier (expected: simulated, regex or length, where another"
                + " scorer is simulated)");
  }
}
