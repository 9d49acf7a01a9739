package org.elasticreset.reward;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
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

  /** By name: the reward is the sum of weight times score over all of them. At least one. */
  Map<String, ScorerSettings> scorers();

  /** A scorer that nothing is trained on, so that a policy that only fools the reward shows. */
  Optional<ScorerSettings> judge();

  /** One scorer. */
  interface ScorerSettings {

    /** {@code classifier}, {@code regex} or {@code length}. */
    ScorerType type();

    /** Factor of this score in the reward; finite. */
    @WithDefault("1")
    double weight();

    /** Of a classifier: its model directory. */
    Optional<Path> model();

    /** Of a classifier: the label whose probability is the score. */
    Optional<String> label();

    /** Of a regex: the score is 1 if it is found in the response, else 0. */
    Optional<String> pattern();

    /** Of a length: the response length in tokens at which the score is 1. */
    OptionalInt targetTokens();
  }
}
