package org.elasticreset.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.elasticreset.model.Precision;
import org.jspecify.annotations.Nullable;

/**
 * Every setting of a run. The names in a file are these in kebab case, dotted ({@code
 * sampling.max-new-tokens}); {@code run-defaults.yaml} lists them with a comment each.
 */
record RunConfig(
    @Nullable String name,
    long seed,
    @Expected("steps >= 1") int steps,
    @Expected("a Hugging Face model directory, or a name of the Hub") Path policy,
    @Expected("a text file, one prompt a line") Path prompts,
    @Nullable LoraConfig lora,
    Precision precision,
    Precision baseWeights,
    boolean recompute,
    boolean chat,
    @Expected("auto, cpu or cuda:n") String device,
    @Expected("max-staleness >= 0") int maxStaleness,
    EarlierEpoch earlierEpoch,
    Duration reissueAfter,
    Duration startTimeout,
    OnNonFiniteUpdate onNonFiniteUpdate,
    Deliver deliver,
    CheckpointConfig checkpoint,
    RolloutConfig rollout,
    SamplingConfig sampling,
    RewardConfig reward,
    @Nullable ReceiverConfig receiver,
    RatersConfig raters,
    EvaluationConfig evaluation,
    LearnerConfig learner,
    Algorithm algorithm,
    PpoConfig ppo,
    ReinforceConfig reinforce,
    KlConfig kl,
    @Nullable RehearsalConfig rehearsal,
    @Expected("pull-to-initial >= 0") double pullToInitial,
    @Nullable IteratedLearningConfig iteratedLearning,
    @Nullable NlpoConfig nlpo,
    EmaConfig ema,
    ResetConfig reset,
    PromotionConfig promotion,
    TrackingConfig tracking,
    TracingConfig tracing,
    KafkaConfig kafka) {

  /** Adapters of which alone is trained; what is absent is the paper's. */
  record LoraConfig(
      @Expected("1 <= rank <= 4096") @WhenAbsent("16") int rank,
      @Nullable @Expected("alpha > 0") Double alpha,
      @Expected("0 <= dropout < 1") @WhenAbsent("0.05") double dropout,
      @Nullable @Expected("names of modules, or all-linear") List<String> targetModules) {}

  /** What happens to rollouts of a policy from before a reset. */
  enum EarlierEpoch {
    DROP,
    IMPORTANCE
  }

  /** What happens to a step whose loss, gradient or weights are not finite. */
  enum OnNonFiniteUpdate {
    STOP,
    DISCARD
  }

  /** What is evaluated, and handed over at the end. */
  enum Deliver {
    POLICY,
    AVERAGE
  }

  record CheckpointConfig(
      @Expected("every >= 1") int every, @Expected("keep >= 2") int keep, Duration maxAge) {}

  record RolloutConfig(
      @Expected("1 <= workers <= 64") int workers,
      @Expected("threads >= 1") int threads,
      @Expected("batch-size >= 1") int batchSize,
      @Expected("per-step >= 1") int perStep,
      @Expected("samples-per-prompt >= 1") int samplesPerPrompt,
      @Expected("0 <= http-port <= 65535") int httpPort) {}

  record SamplingConfig(
      @Expected("temperature > 0") double temperature,
      @Expected("top-k >= 0") int topK,
      @Expected("0 < top-p <= 1") double topP,
      @Expected("max-new-tokens >= 1") int maxNewTokens,
      @Expected("max-prompt-tokens >= 1") int maxPromptTokens,
      boolean stopAtEos) {}

  record RewardConfig(
      @Expected("threads >= 1") int threads,
      @Expected("0 <= http-port <= 65535") int httpPort,
      Map<String, ScorerConfig> scorers,
      @Nullable ScorerConfig judge) {}

  /**
   * The second player of a game of two, which reads responses and learns to say a reference.
   *
   * @param driftReference what responses are held against, and nothing is trained on
   * @param resetEvery updates between its resets; absent: it is never reset
   */
  record ReceiverConfig(
      @Expected("a Hugging Face model directory, or a name of the Hub") Path model,
      @WhenAbsent("{prompt}") String template,
      @Expected("a name of the prompts' references") String reference,
      @Nullable @Expected("a name of the prompts' references") String driftReference,
      @Expected("max-prompt-tokens >= 1") @WhenAbsent("40") int maxPromptTokens,
      @Expected("max-new-tokens >= 1") @WhenAbsent("40") int maxNewTokens,
      @Expected("epochs >= 1") @WhenAbsent("1") int epochs,
      @Nullable @Expected("minibatch-size >= 1") Integer minibatchSize,
      @Expected("0 < learning-rate < 1") @WhenAbsent("1.0e-4") double learningRate,
      @Expected("0 < decay < 1") @WhenAbsent("0.9") double decay,
      @Nullable @Expected("reset-every >= 1") Integer resetEvery,
      @Expected("threads >= 1") @WhenAbsent("1") int threads) {}

  /** One score of a text; {@code type} is classifier, regex, length, receiver or learned. */
  sealed interface ScorerConfig {
    double weight();

    /**
     * What a classifier says about prompt and response together.
     *
     * @param label may be absent if the model has only one
     * @param output without it a probability, or what a regression predicts
     */
    record Classifier(
        @Expected("a model directory, or a name of the Hub") Path model,
        @Nullable @Expected("a label of the model") String label,
        @Nullable Output output,
        @WhenAbsent("1") double weight)
        implements ScorerConfig {

      enum Output {
        PROBABILITY,
        LOGIT
      }
    }

    /** 1 if the pattern is found in the response, else 0. */
    record Regex(@Expected("a regular expression") String pattern, @WhenAbsent("1") double weight)
        implements ScorerConfig {}

    /** How likely the receiver is to say its reference behind the response, nats a token. */
    record Receiver(@WhenAbsent("1") double weight) implements ScorerConfig {}

    /**
     * What the reward model of {@code raters.learn} says about prompt and response together.
     *
     * @param output without it a probability
     */
    record Learned(Classifier.@Nullable Output output, @WhenAbsent("1") double weight)
        implements ScorerConfig {}

    /** 1 at the target, falling linearly with the distance from it. */
    record Length(@Expected("target-tokens >= 1") int targetTokens, @WhenAbsent("1") double weight)
        implements ScorerConfig {}
  }

  record EvaluationConfig(
      @Expected("a text file, one prompt a line") Path prompts,
      @Expected("every >= 1") int every,
      @Nullable @Expected("a text file") Path humanText) {}

  record LearnerConfig(
      @Expected("threads >= 1") int threads, @Expected("0 <= http-port <= 65535") int httpPort) {}

  /** What is maximised. */
  enum Algorithm {
    PPO,
    REINFORCE,
    RLOO,
    GRPO
  }

  record ReinforceConfig(@Expected("0 <= baseline-decay < 1") double baselineDecay) {}

  record PpoConfig(
      @Expected("epochs >= 1") int epochs,
      @Expected("minibatch-size >= 1") int minibatchSize,
      @Expected("micro-batch-size >= 1") int microBatchSize,
      @Expected("0 < learning-rate < 1") double learningRate,
      @Expected("warm-up-steps >= 0") int warmUpSteps,
      @Expected("0 < clip-range < 1") double clipRange,
      @Expected("value-clip-range > 0") double valueClipRange,
      @Expected("value-coefficient >= 0") double valueCoefficient,
      @Expected("entropy-coefficient >= 0") double entropyCoefficient,
      @Expected("0 < discount <= 1") double discount,
      @Expected("0 <= gae-lambda <= 1") double gaeLambda,
      boolean whitenAdvantages,
      @Expected("max-gradient-norm > 0") double maxGradientNorm,
      @Expected("weight-decay >= 0") double weightDecay) {}

  record KlConfig(
      @Expected("coefficient >= 0") double coefficient,
      @Nullable @Expected("target > 0") Double target,
      @Expected("horizon >= 1") int horizon,
      @Nullable In in,
      @Nullable Estimator estimator) {
    enum In {
      REWARD,
      LOSS
    }

    enum Estimator {
      K1,
      K3
    }
  }

  /** Cross-entropy on human text beside the objective. */
  record RehearsalConfig(
      @Expected("coefficient > 0") @WhenAbsent("0.1") double coefficient,
      @Expected("a text file, one text a line") Path texts,
      @Expected("batch-size >= 1") @WhenAbsent("16") int batchSize) {}

  /** Now and then a student imitates the policy and takes its place. */
  record IteratedLearningConfig(
      @Expected("every >= 2") @WhenAbsent("10") int every,
      @Expected("epochs >= 1") @WhenAbsent("4") int epochs,
      @Expected("0 < learning-rate < 1") @WhenAbsent("1.0e-4") double learningRate) {}

  /** Only what a masking policy finds likely may be drawn in training. */
  record NlpoConfig(
      @Expected("0 < top-p <= 1") @WhenAbsent("0.9") double topP,
      @Expected("update-every >= 1") @WhenAbsent("5") int updateEvery) {}

  record EmaConfig(
      @Expected("0 < decay < 1") double decay,
      UpdateEvery updateEvery,
      @Expected("keep-versions >= 1") int keepVersions,
      @Expected("0 <= http-port <= 65535") int httpPort,
      @Expected("0 <= grpc-port <= 65535") int grpcPort) {
    enum UpdateEvery {
      TRAINING_STEP,
      PPO_EPOCH,
      OPTIMIZER_STEP
    }
  }

  record ResetConfig(
      Trigger trigger,
      @Expected("every >= 1") int every,
      To to,
      @Nullable @Expected("drift-budget-nats > 0") Double driftBudgetNats,
      @Nullable @Expected("rearm-below-nats > 0") Double rearmBelowNats,
      @Expected("plateau-window >= 4") int plateauWindow,
      @Nullable @Expected("plateau-gain-per-nat >= 0") Double plateauGainPerNat,
      @Expected("approvals >= 0") int approvals,
      boolean clearOptimizer,
      boolean clearValueHead) {
    enum Trigger {
      EVERY_N_UPDATES,
      DRIFT_BUDGET,
      REWARD_PLATEAU,
      MARGINAL_VALUE,
      ON_REQUEST
    }

    /** What the policy becomes. */
    enum To {
      AVERAGE,
      INITIAL
    }
  }

  /** What it takes to hand the policy over to production. */
  record PromotionConfig(@Expected("approvals >= 1") int approvals) {}

  /**
   * Where the figures go beside metrics.jsonl. No secret belongs here, as below.
   *
   * @param comparison and {@code arm}: what {@code compare} and {@code sweep} say of their runs
   */
  record TrackingConfig(
      boolean tensorboard,
      @Nullable @Expected("a folder") Path logdir,
      @Nullable @Expected("the address of an MLflow server, or environment") String mlflow,
      @Nullable @Expected("a name") String experiment,
      @Nullable @Expected("a name") String comparison,
      @Nullable @Expected("a name") String arm) {}

  /** No secret belongs here: these settings are written to the directory of the run. */
  record KafkaConfig(
      @Expected("0 <= port <= 65535") int port,
      @Nullable @Expected("host:port of a broker") String bootstrapServers) {}
}
