package org.elasticreset.ema;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.elasticreset.algorithm.ResetTarget;

/**
 * Settings of the ema-service. An unknown key under {@code ema} stops start-up, and so does a value
 * that {@link EmaSettings} refuses.
 */
@ConfigMapping(prefix = "ema")
public interface EmaConfig {

  /** Id of the run; the prefix of its topics. */
  String runId();

  /**
   * η, 0 &lt; decay &lt; 1: each update leaves the average this share of itself. Means nothing
   * without the cadence of updates, which is the learner-service's setting.
   */
  @WithDefault("0.995")
  double decay();

  /** When the policy is reset to the average. */
  Reset reset();

  /** Newest versions that workers may fetch; each costs the memory of a policy. */
  @WithDefault("2")
  int keepVersions();

  /**
   * Whether the average behind each of these versions may be fetched, too, at the price of as much
   * memory again. A learner that delivers the average needs it.
   */
  @WithDefault("false")
  boolean serveAverages();

  /**
   * Where snapshots of the average are kept, one for each checkpoint of the learner. A service that
   * starts again on it serves what it served, and goes on where the learner goes on.
   */
  Path directory();

  /** Largest policy that a learner may open a run with, in bytes; the default is 64 GiB. */
  @WithDefault("68719476736")
  long maxPolicyBytes();

  /** How the gRPC server proves who it is, and who may connect; all of it or nothing. */
  Tls tls();

  /** Who may call what, by the common name of the caller's certificate. */
  Roles roles();

  /** Serve on more than the loopback address although nothing is encrypted and anyone may call. */
  @WithDefault("false")
  boolean plaintext();

  /** PEM files of mutual TLS. They are read again when they changed. */
  interface Tls {

    /** The server's certificate, and those between it and its authority. */
    Optional<Path> certificate();

    /** Its private key: PKCS #8, RSA or EC. */
    Optional<Path> key();

    /** The authorities that sign the clients' certificates. */
    Optional<Path> clientAuthority();
  }

  /** Names with each role. */
  interface Roles {

    /** May train. */
    Optional<List<String>> learner();

    /** May fetch policies. */
    Optional<List<String>> worker();

    /** May ask for a reset and decide on one, and hold the run. */
    Optional<List<String>> operator();
  }

  /** When the policy is reset to the average; an operator's request works beside it. */
  interface Reset {

    /**
     * What fires: {@code every-n-updates}, {@code drift-budget}, {@code reward-plateau}, {@code
     * marginal-value} or {@code on-request}.
     */
    @WithDefault("every-n-updates")
    Trigger trigger();

    /** What the policy becomes: the average, or the initial weights. */
    @WithDefault("average")
    ResetTarget to();

    /** Of {@code every-n-updates}: updates between resets, at least 1. */
    OptionalInt every();

    /** Of {@code drift-budget}: KL to the initial policy, in nats per sequence, above 0. */
    OptionalDouble driftBudgetNats();

    /**
     * Of {@code drift-budget}: once it has fired, the drift has to be below this before it fires
     * again; at most the budget, which is the default.
     */
    OptionalDouble rearmBelowNats();

    /** Of {@code reward-plateau}: training steps that are looked at, even, at least 4. */
    @WithDefault("10")
    int plateauWindow();

    /** Of {@code reward-plateau}: least reward for each nat of drift. */
    OptionalDouble plateauGainPerNat();

    /**
     * Different persons that have to approve of a reset that is due, while training goes on; 0: it
     * happens at once. One that an operator asks for needs none.
     */
    @WithDefault("0")
    int approvals();
  }

  /** Kinds of triggers. */
  enum Trigger {
    EVERY_N_UPDATES,
    DRIFT_BUDGET,
    REWARD_PLATEAU,
    MARGINAL_VALUE,
    ON_REQUEST
  }
}
