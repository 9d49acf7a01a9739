package org.elasticreset.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;

/**
 * Trains a policy in place: gradients of micro-batches are added up, clipped and applied by AdamW.
 *
 * <p>Micro-batches bound memory; the step they make together is that of one batch. For one thread
 * at a time.
 */
public final class PolicyTrainer implements AutoCloseable {

  private final CausalLanguageModel policy;
  private final Precision precision;
  private final NDManager scope;
  private final AdamW optimizer;

  public PolicyTrainer(CausalLanguageModel policy, OptimizerSettings optimizer, long seed) {
    this(policy, optimizer, seed, Precision.FLOAT32);
  }

  /**
   * @param policy trained in place, the caller's to close, after the trainer
   * @param seed of everything random in training
   */
  public PolicyTrainer(
      CausalLanguageModel policy, OptimizerSettings optimizer, long seed, Precision precision) {
    this.policy = policy;
    this.precision = precision;
    this.scope = Engine.scope();
    this.optimizer = new AdamW(scope, optimizer, policy.parameters());
  }

  /**
   * One optimizer step on the mean cross-entropy of every token but the first of each sequence.
   *
   * @param sequences of 2 to n_positions + 1 tokens; equal lengths waste nothing
   * @param microBatchSize sequences of one pass
   */
  public LanguageModelStatistics languageModelStep(
      List<int[]> sequences, double learningRate, int microBatchSize) {
    int tokens = sequences.stream().mapToInt(sequence -> sequence.length - 1).sum();
    double loss = 0;
    for (var part : TokenBatch.split(sequences, microBatchSize)) {
      var batch = TokenBatch.ofTexts(policy.config(), part);
      try (var call = scope.newSubManager()) {
        var share =
            (NDArray)
                CausalLanguageModel.program()
                    .call(
                        call,
                        "language_model_gradient",
                        policy.parameters().views(),
                        optimizer.gradient(),
                        policy.config().heads(),
                        policy.config().layerNormEpsilon(),
                        precision.code,
                        batch.tokens(call),
                        batch.rows(call),
                        batch.targets(call),
                        1.0 / tokens);
        loss += share.toFloatArray()[0];
      }
    }
    try (var call = scope.newSubManager()) {
      double norm = optimizer.step(call, CausalLanguageModel.program(), learningRate);
      return new LanguageModelStatistics(loss, norm, tokens);
    }
  }

  /** Forgets the optimizer's moments and its count of steps. */
  public void clearOptimizer() {
    optimizer.clear();
  }

  @Override
  public void close() {
    scope.close();
  }
}
