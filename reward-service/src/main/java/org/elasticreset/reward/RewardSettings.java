package org.elasticreset.reward;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Everything that can be set, under {@code reward.}. An unknown key stops the start. */
@ConfigMapping(prefix = "reward")
interface RewardSettings {

  /** The run whose rollouts are scored; put before the topics' names. */
  String runId();

  /** Threads of one numeric operation, at least 1. */
  @WithDefault("1")
  int threads();

  /** Where classifiers live: {@code auto} (a GPU if there is one), {@code cpu}, {@code cuda:n}. */
  @WithDefault("auto")
  String device();

  /** By name: the reward is the sum of weight times score over all of them. At least one. */
  Map<String, ScorerSettings> scorers();

  /** A scorer that nothing is trained on, so that a policy that only fools the reward shows. */
  Optional<ScoreSettings> judge();

  /** Longest time that a stop waits for the batch under way. */
  @WithDefault("PT20S")
  Duration stopTimeout();

  /** Checks what neither types nor scorers can say. */
  static void requireValid(RewardSettings settings) {
    require(
        settings.runId().matches("[A-Za-z0-9._-]{1,200}"),
        "reward.run-id",
        settings.runId(),
        "letters, digits, '.', '_' and '-'");
    require(settings.threads() >= 1, "reward.threads", settings.threads(), "at least 1");
    require(
        settings.device().matches("auto|cpu|cuda:\\d+"),
        "reward.device",
        settings.device(),
        "auto, cpu or cuda:n");
    require(
        !settings.stopTimeout().isNegative() && !settings.stopTimeout().isZero(),
        "reward.stop-timeout",
        settings.stopTimeout(),
        "a positive duration such as PT30S");
  }

  private static void require(boolean holds, String key, Object value, String expected) {
    if (!holds) {
      throw ScorerFactory.wrong(key, value, expected);
    }
  }

  /** A score that enters the reward. */
  interface ScorerSettings extends ScoreSettings {

    /** Factor of this score in the reward; finite. */
    @WithDefault("1")
    double weight();
  }

  /** One way to score. No key has a default: it would make every judge a configured one. */
  interface ScoreSettings {

    /** {@code classifier}, {@code regex} or {@code length}. */
    ScorerType type();

    /** Of a classifier: its model directory. */
    Optional<Path> model();

    /** Of a classifier: the label whose score it is; may be left out if there is only one. */
    Optional<String> label();

    /**
     * Of a classifier: {@code probability} or {@code logit}. Without it a probability, or what a
     * regression predicts.
     */
    Optional<ClassifierOutput> output();

    /**
     * Of a regex: the score is 1 if it is found in the response, else 0. RE2's syntax: no
     * lookaround and no back references.
     */
    Optional<String> pattern();

    /** Of a length: the response length in tokens at which the score is 1. */
    OptionalInt targetTokens();
  }
}
