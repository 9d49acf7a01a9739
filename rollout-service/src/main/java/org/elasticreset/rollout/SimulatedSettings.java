package org.elasticreset.rollout;

import java.nio.file.Path;
import java.util.Optional;
import org.elasticreset.model.simulated.Distribution;

/**
 * Under {@code rollout.simulated.}: a worker for simulations of scale. Its {@code rollout.model} is
 * the word {@code simulated}. No key has a default: it would make every worker a simulated one.
 */
interface SimulatedSettings {

  /** What stands for a model's directory. */
  Path MODEL = Path.of("simulated");

  /** Weights of the policy, as many as the learner-service's; each is four bytes that travel. */
  long parameters();

  /** What a batch takes: {@code 500ms}, {@code lognormal:500ms,0.5}; absent: nothing. */
  Optional<String> batchTime();

  /** What each token of the longest response of a batch takes besides; absent: nothing. */
  Optional<String> tokenTime();

  /**
   * Tokens of a response, up to the prompts' limit: {@code lognormal:40,0.5}; absent: the limit.
   */
  Optional<String> responseTokens();

  /** Refuses a real model beside it, and what cannot be read. */
  static void requireValid(RolloutSettings settings, SimulatedSettings simulated) {
    require(
        settings.model().equals(MODEL),
        "rollout.model",
        settings.model(),
        MODEL + ", where rollout.simulated.parameters is set");
    require(
        settings.lora().isEmpty(), "rollout.lora.rank", "set", "absent, where nothing is computed");
    require(!settings.chat(), "rollout.chat", true, "false, where nothing is computed");
    require(
        !settings.fixedPolicy(), "rollout.fixed-policy", true, "false, where nothing is computed");
    require(
        simulated.parameters() >= 1,
        "rollout.simulated.parameters",
        simulated.parameters(),
        "at least 1");
    simulated.batchTimes();
    simulated.tokenTimes();
    simulated.responseLengths();
  }

  /** In seconds. */
  default Distribution batchTimes() {
    return durations("rollout.simulated.batch-time", batchTime());
  }

  /** In seconds. */
  default Distribution tokenTimes() {
    return durations("rollout.simulated.token-time", tokenTime());
  }

  /** Empty: as long as may be. */
  default Optional<Distribution> responseLengths() {
    return responseTokens()
        .map(text -> Distribution.ofCounts("rollout.simulated.response-tokens", text));
  }

  private static Distribution durations(String key, Optional<String> text) {
    return text.map(words -> Distribution.ofDurations(key, words)).orElse(Distribution.NONE);
  }

  private static void require(boolean holds, String key, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(key + ": " + value + " (expected: " + expected + ")");
    }
  }
}
