package org.elasticreset.reward;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

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

  /** The second player of a game of two, which reads responses; absent: there is none. */
  Optional<ReceiverSettings> receiver();

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
    requireOneWorld(settings);
    require(
        settings.judge().map(judge -> judge.type() != ScorerType.LEARNED).orElse(true),
        "reward.judge.type",
        "learned",
        "another type; nothing is trained on what a judge says");
    require(
        !settings.stopTimeout().isNegative() && !settings.stopTimeout().isZero(),
        "reward.stop-timeout",
        settings.stopTimeout(),
        "a positive duration such as PT30S");
  }

  /** A simulated score beside a model's would be trained on as if it meant something. */
  private static void requireOneWorld(RewardSettings settings) {
    Map<String, ScoreSettings> all = new TreeMap<>();
    settings.scorers().forEach((name, scorer) -> all.put("reward.scorers." + name, scorer));
    settings.judge().ifPresent(judge -> all.put("reward.judge", judge));
    boolean simulated =
        all.values().stream().anyMatch(scorer -> scorer.type() == ScorerType.SIMULATED);
    all.forEach(
        (key, scorer) ->
            require(
                !simulated || !scorer.type().isModel(),
                key + ".type",
                scorer.type().name().toLowerCase(Locale.ROOT),
                "simulated, regex or length, where another scorer is simulated"));
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

    /**
     * {@code classifier}, {@code regex}, {@code length}, {@code receiver}, {@code learned} or
     * {@code simulated}.
     */
    ScorerType type();

    /** Of a classifier: its model directory. */
    Optional<Path> model();

    /** Of a classifier: the label whose score it is; may be left out if there is only one. */
    Optional<String> label();

    /**
     * Of a classifier: {@code probability} or {@code logit}. Without it a probability, or what a
     * regression predicts. Of what is learned: the same, without it a probability.
     */
    Optional<ClassifierOutput> output();

    /**
     * Of a regex: the score is 1 if it is found in the response, else 0. RE2's syntax: no
     * lookaround and no back references.
     */
    Optional<String> pattern();

    /** Of a length: the response length in tokens at which the score is 1. */
    OptionalInt targetTokens();

    /** Of a simulated one: what a batch takes, {@code exponential:20ms}; absent: nothing. */
    Optional<String> batchTime();
  }

  /**
   * A model that reads responses, and that a run of its own trains beside this one. No key has a
   * default: it would make every run a game of two.
   */
  interface ReceiverSettings {

    /** The run that trains it; put before the name of its topic of policy versions. */
    String runId();

    /** A Hugging Face model directory; its weights are replaced by the announced policy. */
    Path model();

    /** {@code host:port} of the ema-service of its run. */
    String emaService();

    /** PEM files of mutual TLS with that ema-service; all of it or nothing. */
    Tls tls();

    /** How it reads a response: text with {@code {prompt}} in the place of the response. */
    String template();

    /** Name of the prompts' reference that it is to say. */
    String reference();

    /** Tokens of what it reads, at most; a longer one loses its beginning. */
    int maxPromptTokens();

    /** Tokens of what it says, at most. */
    int maxNewTokens();

    /** Longest time that one transfer of a policy may take. */
    Duration fetchTimeout();

    /** Longest time that a batch waits for its receiver; then it is dead-lettered. */
    Duration policyTimeout();

    /** Checks what types cannot say. */
    static void requireValid(ReceiverSettings settings) {
      require(
          settings.runId().matches("[A-Za-z0-9._-]{1,200}"),
          "reward.receiver.run-id",
          settings.runId(),
          "letters, digits, '.', '_' and '-'");
      require(
          settings.maxPromptTokens() >= 1,
          "reward.receiver.max-prompt-tokens",
          settings.maxPromptTokens(),
          "at least 1");
      require(
          settings.maxNewTokens() >= 1,
          "reward.receiver.max-new-tokens",
          settings.maxNewTokens(),
          "at least 1");
    }

    /** PEM files. */
    interface Tls {

      /** The certificate, and those between it and its authority. */
      Optional<Path> certificate();

      /** Its private key: PKCS #8, RSA or EC. */
      Optional<Path> key();

      /** The authorities that sign the ema-service's certificate. */
      Optional<Path> authority();
    }
  }
}
