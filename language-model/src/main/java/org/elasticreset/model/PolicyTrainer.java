package org.elasticreset.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.elasticreset.model.files.ModelFormatException;
import org.elasticreset.model.files.TensorShape;

/**
 * Trains a policy and its value head in place: gradients of micro-batches are added up, clipped and
 * applied by AdamW.
 *
 * <p>Micro-batches bound memory; the step they make together is that of one batch. The value head
 * is a linear map of the final hidden state, starts at zero and is no part of the policy's
 * parameters. For one thread at a time.
 */
public final class PolicyTrainer implements AutoCloseable {

  /** Passes of a step from here on are rehearsal's: their dropout is not the objective's. */
  private static final int REHEARSAL_PASSES = 1 << 19;

  private final CausalLanguageModel policy;
  private final TrainingSettings settings;
  private final long seed;
  private final NDManager scope;
  private final Parameters valueHead;
  private final AdamW optimizer;
  private final GradientSums sums;

  public PolicyTrainer(CausalLanguageModel policy, OptimizerSettings optimizer, long seed) {
    this(policy, optimizer, seed, TrainingSettings.PLAIN);
  }

  /**
   * A trainer with a new value head and optimizer.
   *
   * @param policy trained in place; the caller's to close, after the trainer
   * @param seed of everything random in training: the dropout of adapters
   * @throws IllegalArgumentException if the whole policy were to be trained in bfloat16 weights
   */
  public PolicyTrainer(
      CausalLanguageModel policy,
      OptimizerSettings optimizer,
      long seed,
      TrainingSettings settings) {
    if (policy.parameters().stored() != Precision.FLOAT32) {
      throw new IllegalArgumentException(
          "weights: bfloat16 (expected: float32 where they are trained, or adapters)");
    }
    this.policy = policy;
    this.settings = settings;
    this.seed = seed;
    this.scope = Engine.scope();
    this.valueHead =
        new Parameters(
            scope,
            List.of(
                TensorShape.of("v_head.summary.weight", 1, policy.config().width()),
                TensorShape.of("v_head.summary.bias", 1)));
    this.optimizer = new AdamW(scope, optimizer, policy.parameters(), valueHead);
    this.sums = new GradientSums(scope, this.optimizer.gradient());
  }

  /**
   * Log-probabilities, values and entropies of response tokens, without a gradient.
   *
   * @param temperature logits are divided by it
   * @param batchSize sequences of one pass
   */
  public List<TokenEvaluation> evaluate(
      List<TokenSequence> sequences, double temperature, int batchSize) {
    return evaluate(sequences, temperature, batchSize, TokenMask.NONE);
  }

  /** The same of what a mask leaves of the policy, in which the response tokens were drawn. */
  public List<TokenEvaluation> evaluate(
      List<TokenSequence> sequences, double temperature, int batchSize, TokenMask mask) {
    return Engine.sideBySide(
            TokenBatch.passes(sequences, batchSize), part -> evaluate(part, temperature, mask))
        .stream()
        .flatMap(List::stream)
        .toList();
  }

  private List<TokenEvaluation> evaluate(
      List<TokenSequence> part, double temperature, TokenMask mask) {
    try (var call = scope.newSubManager()) {
      var batch = TokenBatch.ofResponses(policy.config(), part);
      var results =
          (Object[])
              policy
                  .program()
                  .call(
                      call,
                      "evaluate",
                      policy.weights().views(),
                      policy.factors(),
                      mask.views(),
                      mask.topP(),
                      head(),
                      settings.compute().code,
                      batch.tokens(call),
                      batch.rows(call),
                      batch.targets(call),
                      temperature);
      return TokenEvaluation.split(part, results);
    }
  }

  /**
   * One optimizer step on the objective, a mean over the response tokens of the minibatch.
   *
   * @param microBatchSize samples of one pass
   */
  public PpoStatistics ppoStep(
      List<PpoSample> minibatch, PpoSettings ppo, double learningRate, int microBatchSize) {
    return ppoStep(minibatch, ppo, learningRate, microBatchSize, TokenMask.NONE);
  }

  /** The same of what a mask leaves of the policy. */
  public PpoStatistics ppoStep(
      List<PpoSample> minibatch,
      PpoSettings ppo,
      double learningRate,
      int microBatchSize,
      TokenMask mask) {
    int tokens = minibatch.stream().mapToInt(s -> s.tokens().responseTokens().length).sum();
    var reported =
        sums.add(
            ppoBatches(minibatch, microBatchSize),
            (call, pass, batch, sum) ->
                objectiveGradient(call, pass, batch, ppo, tokens, mask, sum));
    return PpoStatistics.ofPasses(reported, step(learningRate));
  }

  /** All of them before the first gradient, so that bad input leaves nothing accumulated. */
  private List<PpoBatch> ppoBatches(List<PpoSample> minibatch, int microBatchSize) {
    return TokenBatch.passes(minibatch, microBatchSize).stream()
        .map(part -> new PpoBatch(policy.config(), part))
        .toList();
  }

  private NDArray objectiveGradient(
      NDManager call,
      int pass,
      PpoBatch batch,
      PpoSettings ppo,
      int tokens,
      TokenMask mask,
      List<NDArray> sum) {
    return (NDArray)
        policy
            .program()
            .call(
                call,
                "objective_gradient",
                policy.weights().views(),
                policy.factors(),
                mask.views(),
                mask.topP(),
                head(),
                settings.valueHead() ? sum : ofPolicy(sum),
                settings.compute().code,
                settings.recompute(),
                dropoutSeed(pass),
                batch.tokens().tokens(call),
                batch.tokens().rows(call),
                batch.tokens().targets(call),
                batch.oldLogProbs(call),
                batch.referenceLogProbs(call),
                batch.oldValues(call),
                batch.advantages(call),
                batch.returns(call),
                ppo.temperature(),
                ppo.policyLoss() == PolicyLoss.CLIPPED_SURROGATE,
                ppo.clipRange(),
                ppo.valueClipRange(),
                ppo.valueCoefficient(),
                ppo.klCoefficient(),
                ppo.entropyCoefficient(),
                (double) tokens);
  }

  /**
   * One optimizer step on the mean cross-entropy of every token but the first of each sequence.
   *
   * @param sequences of 2 tokens to one more than the model's longest; equal lengths waste nothing
   * @param microBatchSize sequences of one pass
   */
  public LanguageModelStatistics languageModelStep(
      List<int[]> sequences, double learningRate, int microBatchSize) {
    return crossEntropyStep(texts(sequences, microBatchSize), 1, learningRate);
  }

  /** One optimizer step on the mean cross-entropy of response tokens; prompts are read only. */
  public LanguageModelStatistics responseStep(
      List<TokenSequence> sequences, double learningRate, int microBatchSize) {
    return responseStep(sequences, 1, learningRate, microBatchSize);
  }

  /**
   * The same of responses that another policy drew at a temperature, which is to imitate it.
   *
   * @param temperature logits are divided by it
   */
  public LanguageModelStatistics responseStep(
      List<TokenSequence> sequences, double temperature, double learningRate, int microBatchSize) {
    var batches =
        TokenBatch.passes(sequences, microBatchSize).stream()
            .map(part -> TokenBatch.ofResponses(policy.config(), part))
            .toList();
    return crossEntropyStep(batches, temperature, learningRate);
  }

  private LanguageModelStatistics crossEntropyStep(
      List<TokenBatch> batches, double temperature, double learningRate) {
    int tokens = batches.stream().mapToInt(TokenBatch::predicted).sum();
    double loss = crossEntropyGradient(batches, temperature, 1.0 / tokens, 0);
    return new LanguageModelStatistics(loss, step(learningRate), tokens);
  }

  private List<TokenBatch> texts(List<int[]> texts, int microBatchSize) {
    return TokenBatch.passes(texts, microBatchSize).stream()
        .map(part -> TokenBatch.ofTexts(policy.config(), part))
        .toList();
  }

  /**
   * Rehearsal: adds the gradient of coefficient times the mean cross-entropy of every token but the
   * first of each text to that of the next step, whatever that learns from.
   *
   * @param texts of 2 tokens to one more than the model's longest
   * @param microBatchSize texts of one pass
   * @return the mean cross-entropy, in nats a token, without the coefficient
   */
  public double rehearse(List<int[]> texts, double coefficient, int microBatchSize) {
    var batches = texts(texts, microBatchSize);
    double scale = coefficient / batches.stream().mapToInt(TokenBatch::predicted).sum();
    return crossEntropyGradient(batches, 1, scale, REHEARSAL_PASSES) / coefficient;
  }

  /**
   * Adds the gradient of coefficient times the squared distance of the trained parameters from
   * these to that of the next step.
   *
   * @param to of the same shapes
   * @return the distance, a 2-norm, before the step
   */
  public double pullTo(Parameters to, double coefficient) {
    try (var call = scope.newSubManager()) {
      var distance =
          (NDArray)
              policy
                  .program()
                  .call(
                      call,
                      "pull_gradient",
                      policy.parameters().views(),
                      to.views(),
                      ofPolicy(optimizer.gradient().views()),
                      coefficient);
      return distance.toFloatArray()[0];
    }
  }

  private double crossEntropyGradient(
      List<TokenBatch> batches, double temperature, double scale, int firstPass) {
    return sums
        .add(
            batches,
            (call, pass, batch, sum) ->
                crossEntropyGradient(call, firstPass + pass, batch, temperature, scale, sum))
        .stream()
        .mapToDouble(loss -> loss[0])
        .sum();
  }

  private NDArray crossEntropyGradient(
      NDManager call,
      int pass,
      TokenBatch batch,
      double temperature,
      double scale,
      List<NDArray> sum) {
    return (NDArray)
        policy
            .program()
            .call(
                call,
                "language_model_gradient",
                policy.weights().views(),
                policy.factors(),
                ofPolicy(sum),
                settings.compute().code,
                settings.recompute(),
                dropoutSeed(pass),
                batch.tokens(call),
                batch.rows(call),
                batch.targets(call),
                temperature,
                scale);
  }

  /** The value head as programs take it: nothing where there is none. */
  private List<NDArray> head() {
    return settings.valueHead() ? valueHead.views() : List.of();
  }

  /** Without the value head's, which stand last. */
  private List<NDArray> ofPolicy(List<NDArray> gradient) {
    return gradient.subList(0, policy.parameters().views().size());
  }

  /** Of its own for each pass of each step, and the same when a step is done again. */
  private long dropoutSeed(int pass) {
    return new SplittableRandom(seed + (((long) optimizer.steps()) << 20) + pass).nextInt();
  }

  private double step(double learningRate) {
    try (var call = scope.newSubManager()) {
      return optimizer.step(call, policy.program(), learningRate);
    }
  }

  /** Forgets the optimizer's moments, of policy and value head, and its count of steps. */
  public void clearOptimizer() {
    optimizer.clear();
  }

  /** Sets the value head back to zero; the optimizer's moments stay. */
  public void clearValueHead() {
    valueHead.clear();
  }

  /**
   * The first tensor of policy, value head or optimizer with a value that is infinite or not a
   * number. A step whose gradient was finite can still make one; what has none can be saved.
   */
  public Optional<String> firstNotFinite() {
    return policy
        .parameters()
        .firstNotFinite()
        .or(valueHead::firstNotFinite)
        .or(() -> optimizer.firstMoment().firstNotFinite().map("first_moment."::concat))
        .or(() -> optimizer.secondMoment().firstNotFinite().map("second_moment."::concat));
  }

  /** A copy in memory to {@link #recall}; the caller closes it. */
  public TrainerState remember() {
    return new TrainerState(policy.parameters(), valueHead, optimizer);
  }

  /** Overwrites a copy of this trainer with its present state, which costs no new memory. */
  public void remember(TrainerState state) {
    state.take(policy.parameters(), valueHead, optimizer);
  }

  /**
   * Back to the bits of a copy: policy, value head, optimizer; gradients added up since are gone.
   *
   * @throws IllegalArgumentException if the copy is of another architecture; nothing has changed
   */
  public void recall(TrainerState state) {
    state.giveBack(policy.parameters(), valueHead, optimizer);
  }

  /**
   * Writes what {@link #restoreState} needs to go on to the last bit: {@code policy.safetensors}
   * and {@code trainer.safetensors} (value head, optimizer), float32. Each file appears whole or
   * not at all.
   *
   * @param directory exists; the files are replaced
   * @throws ArithmeticException if a value is not finite; the message names its tensor
   */
  public void saveState(Path directory) {
    new TrainerFiles(directory, policy.parameters(), valueHead, optimizer).save();
  }

  /**
   * Takes over what {@link #saveState} of a trainer of the same architecture wrote.
   *
   * @throws ModelFormatException naming file, tensor and expectation, if a tensor is missing, of
   *     another shape or type, not finite or one too many; nothing has changed
   */
  public void restoreState(Path directory) {
    new TrainerFiles(directory, policy.parameters(), valueHead, optimizer).restore();
  }

  @Override
  public void close() {
    scope.close();
  }
}
