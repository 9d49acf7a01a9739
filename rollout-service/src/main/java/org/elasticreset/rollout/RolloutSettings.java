package org.elasticreset.rollout;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.elasticreset.model.Precision;

/** Everything that can be set, under {@code rollout.}. An unknown key stops the start. */
@ConfigMapping(prefix = "rollout")
interface RolloutSettings {

  /** The run whose prompts are generated; put before the topics' names. */
  String runId();

  /** This worker's name in its rollouts and logs. */
  @WithDefault("${hostname:worker}")
  String worker();

  /**
   * A Hugging Face model directory: architecture, tokenizer, stop tokens. Its weights are replaced
   * by the announced policy before anything is generated.
   */
  Path model();

  /** Adapters as the learner-service has them; absent: whole policies are served. */
  Optional<Lora> lora();

  /** What the model computes in. */
  @WithDefault("float32")
  Precision precision();

  /** What the frozen weights under adapters are held as. */
  @WithDefault("float32")
  Precision baseWeights();

  /** Where the model lives: {@code auto} (a GPU if there is one), {@code cpu}, {@code cuda:n}. */
  @WithDefault("auto")
  String device();

  /** A policy that is nothing but its time and its bytes, in the place of a model; absent: none. */
  Optional<SimulatedSettings> simulated();

  /** Prompts are what a user says, and the model reads them in its chat template. */
  @WithDefault("false")
  boolean chat();

  /** Most prompts of a batch; one with more is refused, before it takes the memory of them all. */
  @WithDefault("1024")
  int maxBatchSize();

  /** Threads of one numeric operation, at least 1. */
  @WithDefault("1")
  int threads();

  /**
   * {@code host:port} of the ema-service, which serves the policy; required unless the policy is
   * fixed.
   */
  Optional<String> emaService();

  /**
   * The weights of {@code model} generate, as they are, and no newer policy is asked for: for a
   * policy that is finished and serves prompts of others.
   */
  @WithDefault("false")
  boolean fixedPolicy();

  /** How this worker proves who it is to the ema-service; all of it or nothing. */
  Tls tls();

  /** Longest time that one transfer of a policy may take. */
  @WithDefault("PT2M")
  Duration fetchTimeout();

  /**
   * Longest time that a batch waits for the policy version it asks for; then it is dead-lettered,
   * and the learner-service issues it again.
   */
  @WithDefault("PT5M")
  Duration policyTimeout();

  /** Longest time that a stop waits for the batch under way. */
  @WithDefault("PT20S")
  Duration stopTimeout();

  /** The shape of low-rank adapters, with PEFT's meaning. */
  interface Lora {

    /** Rank of the adapters, {@code r}. */
    int rank();

    /** Adapters are scaled by alpha / rank; absent: twice the rank. */
    OptionalDouble alpha();

    /**
     * Last names of the linear maps that have an adapter, or {@code all-linear}; absent: PEFT's for
     * the architecture, {@code q_proj,v_proj} or {@code c_attn}.
     */
    Optional<List<String>> targetModules();
  }

  /** PEM files of mutual TLS with the ema-service. They are read again when they changed. */
  interface Tls {

    /** The certificate, and those between it and its authority. */
    Optional<Path> certificate();

    /** Its private key: PKCS #8, RSA or EC. */
    Optional<Path> key();

    /** The authorities that sign the ema-service's certificate. */
    Optional<Path> authority();
  }

  /** Checks what types cannot say. */
  static void requireValid(RolloutSettings settings) {
    requireName("rollout.run-id", settings.runId());
    requireName("rollout.worker", settings.worker());
    if (settings.emaService().isEmpty() && !settings.fixedPolicy()) {
      throw new IllegalArgumentException(
          "rollout.ema-service: missing (expected: host:port, or rollout.fixed-policy=true)");
    }
    if (settings.fixedPolicy() && settings.lora().isPresent()) {
      throw new IllegalArgumentException(
          "rollout.fixed-policy: true (expected: no rollout.lora.rank, for adapters would be new;"
              + " elastic-reset export merges them)");
    }
    settings
        .simulated()
        .ifPresent(simulated -> SimulatedSettings.requireValid(settings, simulated));
    if (settings.threads() < 1) {
      throw new IllegalArgumentException(
          "rollout.threads: " + settings.threads() + " (expected: at least 1)");
    }
    if (settings.maxBatchSize() < 1) {
      throw new IllegalArgumentException(
          "rollout.max-batch-size: " + settings.maxBatchSize() + " (expected: at least 1)");
    }
    if (settings.baseWeights() != Precision.FLOAT32 && settings.lora().isEmpty()) {
      throw new IllegalArgumentException(
          "rollout.base-weights: bfloat16 (expected: float32 where no rollout.lora.rank is set,"
              + " for whole policies are served in float32)");
    }
    requirePositive("rollout.fetch-timeout", settings.fetchTimeout());
    requirePositive("rollout.policy-timeout", settings.policyTimeout());
    requirePositive("rollout.stop-timeout", settings.stopTimeout());
  }

  private static void requireName(String key, String name) {
    if (!name.matches("[A-Za-z0-9._-]{1,200}")) {
      throw new IllegalArgumentException(
          key + ": " + name + " (expected: letters, digits, '.', '_' and '-')");
    }
  }

  private static void requirePositive(String key, Duration duration) {
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException(
          key + ": " + duration + " (expected: a positive duration such as PT30S)");
    }
  }
}
