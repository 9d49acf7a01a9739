package org.elasticreset.learner;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.elasticreset.algorithm.EarlierEpoch;
import org.elasticreset.algorithm.KlEstimator;
import org.elasticreset.model.Precision;

/**
 * Settings of a run, as the learner-service needs them. An unknown key under {@code learner.} stops
 * start-up, as does a value that {@link LearnerConfigCheck} refuses. Decay and trigger of the reset
 * belong to the ema-service.
 */
@ConfigMapping(prefix = "learner")
public interface LearnerConfig {

  /** Id of the run; prefixes every topic. */
  String runId();

  /** Hugging Face directory of the initial policy, which is also the frozen reference. */
  Path model();

  /** What saved adapters call the model they belong to, such as its Hub name; its directory. */
  @WithDefault("${learner.model}")
  String modelName();

  /**
   * Directory that receives the final policy: a Hugging Face directory like {@link #model}, or with
   * {@link #lora} its adapters in PEFT's format.
   */
  Path output();

  /** Adapters, of which alone is trained, uploaded and averaged; absent: the whole model is. */
  Optional<LoraConfig> lora();

  /** A policy that is nothing but its time and its bytes, in the place of a model; absent: none. */
  Optional<SimulatedConfig> simulated();

  /** What the model computes in; gradients and optimizer are float32. */
  @WithDefault("float32")
  Precision precision();

  /** What the frozen weights under adapters are held as. */
  @WithDefault("float32")
  Precision baseWeights();

  /** Keep only the input of each block, and compute its inside again for the gradient. */
  @WithDefault("false")
  boolean recompute();

  /** Where the model lives: {@code auto} (a GPU if there is one), {@code cpu}, {@code cuda:n}. */
  @WithDefault("auto")
  String device();

  /** {@code host:port} of the ema-service's gRPC server. */
  String emaService();

  /** How this service proves who it is to the ema-service; all of it or nothing. */
  Tls tls();

  /** How long start-up waits for the ema-service to answer, and for the answer to an update. */
  @WithDefault("60s")
  Duration emaServiceTimeout();

  /** Threads of the tensor engine. */
  @WithDefault("1")
  int threads();

  /** Prompts, tokens and minibatches all derive from it. */
  @WithDefault("1")
  long seed();

  /** Training steps of the run. */
  int steps();

  /** Text files with one prompt a line; empty lines and lines that start with # are skipped. */
  List<Path> prompts();

  /** Rollouts that one training step learns from. */
  @WithDefault("64")
  int rolloutsPerStep();

  /**
   * Responses to each prompt of a step, from seeds of their own; divides {@link #rolloutsPerStep}.
   * RLOO and GRPO compare them with each other and need 2.
   */
  @WithDefault("1")
  int samplesPerPrompt();

  /** Prompts that a rollout worker generates in one call; divides {@link #rolloutsPerStep}. */
  @WithDefault("16")
  int generationBatchSize();

  /**
   * Steps by which the policy that generates may be behind the policy that learns. 0 is synchronous
   * training; 1 generates the next step while this one is learnt.
   */
  @WithDefault("0")
  int maxStaleness();

  /**
   * What is missing is issued again when the learner has waited this long and nothing at all has
   * come back; a batch that was issued again, after twice as long each time. Workers that are only
   * slow, or away for a night, are so not buried under copies.
   */
  @WithDefault("60s")
  Duration reissueAfter();

  /**
   * What becomes of rollouts that an earlier reset epoch's policy generated: {@code drop} fences
   * them off and issues their prompts again, {@code importance} trains on them with importance
   * weights. They are counted either way.
   */
  @WithDefault("drop")
  EarlierEpoch earlierEpoch();

  /**
   * What is evaluated, and written at the end: {@code policy}, or {@code average}, while training
   * goes on with the policy. The ema-service has to serve averages then.
   */
  @WithDefault("policy")
  Deliver deliver();

  /** How often the policy enters the average. */
  @WithDefault("training-step")
  UpdateEvery updateEvery();

  /** End the process when the run has ended, rather than stay up until told to stop. */
  @WithDefault("false")
  boolean exitWhenDone();

  /** What is written to go on from, should this process die. */
  Checkpoint checkpoint();

  /**
   * What becomes of an update that is not finite: {@code stop} ends the run, {@code discard} goes
   * on from the policy before the step, at the price of a copy of policy and optimizer in memory.
   * The step's batch is kept in {@link #discardedBatches} either way, and nothing of it is
   * uploaded.
   */
  @WithDefault("stop")
  OnNonFiniteUpdate onNonFiniteUpdate();

  /** Directory for the batches of updates that were not finite. */
  @WithDefault("discarded-batches")
  Path discardedBatches();

  /** The first player, where this learner is the second one of a game of two; else absent. */
  Optional<Sender> sender();

  /** How tokens are drawn. */
  Sampling sampling();

  /** What is measured beside training. */
  Evaluation evaluation();

  /** What is maximised. */
  @WithDefault("ppo")
  Algorithm algorithm();

  /** Optimizer steps, of whichever algorithm, and proximal policy optimisation. */
  PpoConfig ppo();

  /** REINFORCE. */
  Reinforce reinforce();

  /** Penalty for drifting from the initial policy. */
  Kl kl();

  /** Cross-entropy on human text beside the objective; absent: none. */
  Optional<RehearsalConfig> rehearsal();

  /**
   * λ of a pull of the trained weights to the initial ones, λ‖θ − θ₀‖² in the loss (L2-SP, Li et
   * al. 2018, arXiv 1802.01483). 0: none.
   */
  @WithDefault("0.0")
  double pullToInitial();

  /** Seeded iterated learning: now and then a student imitates the policy; absent: never. */
  Optional<IteratedLearningConfig> iteratedLearning();

  /** NLPO: only what a masking policy finds likely may be drawn in training; absent: anything. */
  Optional<NlpoConfig> nlpo();

  /** What the learner forgets at a reset, besides the weights. */
  OnReset onReset();

  /** What is evaluated and handed over. */
  enum Deliver {
    POLICY,
    AVERAGE
  }

  /**
   * Of the second player of a game of two: whose rollouts it learns from, without asking for any.
   * No key has a default: it would make every learner a second player.
   */
  interface Sender {
    /** The run whose policy writes what this one reads. */
    String runId();

    /** How this one reads a response: text with {@code {prompt}} in the place of the response. */
    String template();

    /** Name of the prompts' reference that it learns to say. */
    String reference();
  }

  /** What becomes of an update that is not finite. */
  enum OnNonFiniteUpdate {
    STOP,
    DISCARD
  }

  /** What is written to go on from, should this process die. */
  interface Checkpoint {
    /** Where checkpoints are; survives this process. */
    Path directory();

    /**
     * Training steps between checkpoints. With 1 nothing is ever learnt again; with more, the steps
     * since the newest checkpoint are. The initial policy, the last step and every reset have one
     * whatever this says.
     */
    @WithDefault("1")
    int every();

    /** Newest checkpoints that are kept, at least 2. */
    @WithDefault("3")
    int keep();

    /** Older ones are deleted, except the newest two. */
    @WithDefault("168h")
    Duration maxAge();
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

  /** When the policy is uploaded. Only the last upload of a step publishes a version. */
  enum UpdateEvery {
    /** Once, behind the last epoch of a step. */
    TRAINING_STEP,
    /** Behind every pass over the step's rollouts. */
    PPO_EPOCH,
    /** Behind every minibatch. */
    OPTIMIZER_STEP
  }

  /** How tokens are drawn. */
  interface Sampling {
    /** Logits are divided by it, in training as well. */
    @WithDefault("1.0")
    double temperature();

    /** Keep the k most probable tokens; 0 keeps all. */
    @WithDefault("0")
    int topK();

    /** Keep the smallest set of tokens whose probability reaches it; 1 keeps all. */
    @WithDefault("1.0")
    double topP();

    /** Tokens of a response, at most. */
    @WithDefault("40")
    int maxNewTokens();

    /** Tokens of a prompt, at most; a longer one loses its beginning. */
    @WithDefault("24")
    int maxPromptTokens();

    /** End a response at the model's end-of-sequence token. */
    @WithDefault("true")
    boolean stopAtEos();
  }

  /** What is measured beside training. */
  interface Evaluation {
    /** Text files with one held-out prompt a line; absent: nothing is evaluated. */
    Optional<List<Path>> prompts();

    /** Training steps between evaluations; steps 0 and the last are always evaluated. */
    @WithDefault("10")
    int every();

    /**
     * Name of the prompts' references that what the second player of a game of two makes of the
     * responses is held against, by BLEU; absent: nothing is.
     */
    Optional<String> taskReference();

    /** Name of the references that the responses themselves are held against, by BLEU. */
    Optional<String> driftReference();

    /** Text files with one human text a line, for the perplexity. */
    Optional<List<Path>> humanText();
  }

  /** REINFORCE. */
  interface Reinforce {
    /** Share of itself that the moving baseline keeps at a training step. */
    @WithDefault("0.9")
    double baselineDecay();
  }

  /** Where the penalty for drifting stands. */
  enum KlIn {
    /** Subtracted from the reward of each token. */
    REWARD,
    /** A term of the loss. */
    LOSS
  }

  /** Penalty for drifting from the initial policy. */
  interface Kl {
    /** Where it stands; absent: in the loss for GRPO, in the reward otherwise. */
    Optional<KlIn> in();

    /** Reward lost for each nat per token; the first value of an adaptive one. 0: no penalty. */
    @WithDefault("0.0")
    double coefficient();

    /**
     * Nats per sequence that an adaptive coefficient steers to; absent: the coefficient is fixed.
     */
    OptionalDouble target();

    /** Rollouts over which an adaptive coefficient moves. */
    @WithDefault("10000")
    int horizon();

    /**
     * How the penalty estimates the divergence of a token; absent: k1 in the reward, k3 in the
     * loss, where k1 would pull nowhere.
     */
    Optional<KlEstimator> estimator();
  }

  /** What the learner forgets at a reset, besides the weights. */
  interface OnReset {
    /** Forget AdamW's moments. */
    @WithDefault("false")
    boolean clearOptimizer();

    /** Start the value head again, or the moving baseline. */
    @WithDefault("false")
    boolean clearValueHead();
  }
}
