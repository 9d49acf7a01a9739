package org.elasticreset.ema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.elasticreset.algorithm.ResetTrigger;
import org.junit.jupiter.api.Test;

class EmaSettingsTest {

  @Test
  void decayAndTriggerAreExplainedTogether() {
    var settings = settings("ema.decay", "0.995", "ema.reset.every", "17");

    assertThat(settings.meaning())
        .isEqualTo(
            "decay=0.995 trigger=\"every 17 updates\" to=average updates=17 initial_share=91.8%");
    assertThat(settings.triggerName()).isEqualTo("every-n-updates");
  }

  @Test
  void everyTriggerCanBeConfigured() {
    assertThat(settings("ema.reset.every", "3").elasticReset().trigger())
        .isEqualTo(new ResetTrigger.EveryNUpdates(3));
    assertThat(
            settings("ema.reset.trigger", "drift-budget", "ema.reset.drift-budget-nats", "2.5")
                .elasticReset()
                .trigger())
        .isEqualTo(new ResetTrigger.DriftBudget(2.5));
    assertThat(settings("ema.reset.trigger", "on-request").elasticReset().trigger())
        .isEqualTo(new ResetTrigger.OnRequest());
  }

  @Test
  void valuesThatCannotBeAreNamed() {
    assertRefused("ema.decay: 1.5 (expected: 0 < decay < 1)", "ema.decay", "1.5");
    assertRefused("ema.decay: NaN (expected: 0 < decay < 1)", "ema.decay", "NaN");
    assertRefused("ema.reset.every: 0 (expected: at least 1)", "ema.reset.every", "0");
    assertRefused("ema.reset.every: none (expected: at least 1, for every-n-updates)");
    assertRefused(
        "ema.reset.drift-budget-nats: none (expected: above 0, for drift-budget)",
        "ema.reset.trigger",
        "drift-budget");
    assertRefused(
        "ema.reset.drift-budget-nats: -1.0 (expected: above 0)",
        "ema.reset.trigger",
        "drift-budget",
        "ema.reset.drift-budget-nats",
        "-1");
    assertRefused(
        "ema.keep-versions: 0 (expected: at least 1)",
        "ema.keep-versions",
        "0",
        "ema.reset.every",
        "1");
    assertRefused(
        "ema.max-policy-bytes: 3 (expected: at least the 4 of a float32)",
        "ema.max-policy-bytes",
        "3",
        "ema.reset.every",
        "1");
    assertRefused(
        "ema.run-id: my run (expected: 1 to 200 letters, digits, '.', '_' or '-')",
        "ema.run-id",
        "my run",
        "ema.reset.every",
        "1");
  }

  @Test
  void directoryHasToBeNamed() {
    assertThatThrownBy(
            () ->
                new SmallRyeConfigBuilder()
                    .withMapping(EmaConfig.class)
                    .withDefaultValues(Map.of("ema.run-id", "test-run"))
                    .build())
        .hasMessageContaining("ema.directory");
  }

  @Test
  void unknownKeyIsNamed() {
    assertThatThrownBy(() -> settings("ema.reset.every", "1", "ema.dcay", "0.9"))
        .hasMessageContaining("ema.dcay");
  }

  private static void assertRefused(String message, String... keysAndValues) {
    assertThatThrownBy(() -> settings(keysAndValues))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  private static EmaSettings settings(String... keysAndValues) {
    var builder =
        new SmallRyeConfigBuilder()
            .withMapping(EmaConfig.class)
            .withDefaultValues(Map.of("ema.run-id", "test-run", "ema.directory", "averages"));
    for (int i = 0; i < keysAndValues.length; i += 2) {
      builder.withDefaultValue(keysAndValues[i], keysAndValues[i + 1]);
    }
    return EmaSettings.of(builder.build().getConfigMapping(EmaConfig.class));
  }
}
