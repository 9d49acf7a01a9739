package org.elasticreset.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.elasticreset.model.Generation;
import org.elasticreset.model.GenerationRequest;
import org.elasticreset.model.Sampling;
import org.elasticreset.model.simulated.Distribution;
import org.elasticreset.model.simulated.SimulatedTokens;
import org.junit.jupiter.api.Test;

class SimulatedPolicyModelTest {

  private static final Sampling SAMPLING =
      new Sampling(1, 0, 1, false, 40, 24, new int[] {SimulatedTokens.END});

  private final Map<String, String> keys =
      new HashMap<>(
          Map.of(
              "rollout.run-id", "a-run",
              "rollout.worker", "worker",
              "rollout.model", "simulated",
              "rollout.ema-service", "localhost:1",
              "rollout.simulated.parameters", "1000"));

  private static SimulatedPolicyModel model(String batchTime, String responseTokens) {
    return new SimulatedPolicyModel(
        8,
        Distribution.ofDurations("key", batchTime),
        Distribution.NONE,
        Optional.of(Distribution.ofCounts("key", responseTokens)));
  }

  private static List<GenerationRequest> requests(long... seeds) {
    return Arrays.stream(seeds)
        .mapToObj(seed -> new GenerationRequest(new int[] {7}, seed))
        .toList();
  }

  @Test
  void sameSeedDrawsTheSameResponseWhateverElseIsInTheBatch() {
    SimulatedPolicyModel model = model("0ms", "lognormal:20,0.5");

    Generation alone = model.generate(requests(5), SAMPLING).get(0);
    List<Generation> together = model.generate(requests(4, 5), SAMPLING);

    assertThat(together.get(1).responseTokens()).isEqualTo(alone.responseTokens());
    assertThat(together.get(0).responseTokens()).isNotEqualTo(alone.responseTokens());
  }

  @Test
  void responseStopsBeforeTheLimitOrGoesOnToIt() {
    Generation stopped = model("0ms", "10").generate(requests(5), SAMPLING).get(0);
    Generation limited = model("0ms", "400").generate(requests(5), SAMPLING).get(0);

    assertThat(stopped.stopped()).isTrue();
    assertThat(stopped.responseTokens()).hasSize(10).endsWith(SimulatedTokens.END);
    assertThat(limited.stopped()).isFalse();
    assertThat(limited.responseTokens()).hasSize(40).doesNotContain(SimulatedTokens.END);
  }

  @Test
  void logProbabilitiesAreThoseOfTheFetchedWeights() {
    SimulatedPolicyModel model = model("0ms", "10");
    model.write(0, ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putFloat(0, 0.25f));
    model.write(8, ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putFloat(0, 9));

    Generation generation = model.generate(requests(5), SAMPLING).get(0);

    assertThat(generation.logProbs())
        .isEqualTo(SimulatedTokens.logProbs(generation.responseTokens(), 0.25f));
  }

  @Test
  void batchTakesItsTime() {
    long began = System.nanoTime();
    model("30ms", "10").generate(requests(1, 2), SAMPLING);

    assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(30_000_000);
  }

  @Test
  void realModelBesideItIsRefused() {
    RolloutSettings.requireValid(settings());

    assertRefused(
        "rollout.model",
        "models/movie-review-gpt",
        "rollout.model: models/movie-review-gpt (expected: simulated, where"
            + " rollout.simulated.parameters is set)");
    assertRefused(
        "rollout.lora.rank",
        "4",
        "rollout.lora.rank: set (expected: absent, where nothing is computed)");
  }

  @Test
  void timeThatIsNoneIsRefusedByItsKey() {
    assertRefused(
        "rollout.simulated.batch-time",
        "lognormal:500ms",
        "rollout.simulated.batch-time: lognormal:500ms (expected: a duration such as 500ms, or"
            + " exponential:500ms, or lognormal:500ms,0.5)");
    assertRefused(
        "rollout.simulated.response-tokens",
        "40ms",
        "rollout.simulated.response-tokens: 40ms (expected: a number such as 40, or"
            + " exponential:40, or lognormal:40,0.5)");
    assertRefused(
        "rollout.simulated.parameters",
        "0",
        "rollout.simulated.parameters: 0 (expected: at least 1)");
  }

  @Test
  void isAbsentByDefault() {
    keys.remove("rollout.simulated.parameters");

    assertThat(settings().simulated()).isEmpty();
  }

  private void assertRefused(String key, String value, String message) {
    String before = keys.put(key, value);
    assertThatThrownBy(() -> RolloutSettings.requireValid(settings())).hasMessage(message);
    if (before == null) {
      keys.remove(key);
    } else {
      keys.put(key, before);
    }
  }

  private RolloutSettings settings() {
    return new SmallRyeConfigBuilder()
        .addDefaultInterceptors()
        .addDiscoveredConverters()
        .withMapping(RolloutSettings.class)
        .withSources(new PropertiesConfigSource(keys, "test", 100))
        .build()
        .getConfigMapping(RolloutSettings.class);
  }
}
