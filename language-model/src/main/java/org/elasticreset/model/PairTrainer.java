package org.elasticreset.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Trains a reward model on preferences by AdamW: the mean of −log σ(r(chosen) − r(rejected)) over
 * the pairs of a step (Bradley and Terry 1952; Stiennon et al. 2020). Reproducible from its seed.
 */
final class PairTrainer implements AutoCloseable {

  /** Two texts as they are read, the better one first. */
  record Pair(int[] chosen, int[] rejected) {
    int longest() {
      return Math.max(chosen.length, rejected.length);
    }
  }

  private final PairReward model;
  private final double dropout;
  private final SplittableRandom random;
  private final NDManager scope;
  private final AdamW optimizer;

  /**
   * @param dropout of an encoder; decoders have none
   */
  PairTrainer(PairReward model, OptimizerSettings optimizer, double dropout, long seed) {
    this.model = model;
    this.dropout = dropout;
    this.random = new SplittableRandom(seed);
    this.scope = Engine.scope();
    this.optimizer = new AdamW(scope, optimizer, model.parameters());
  }

  /**
   * One optimizer step.
   *
   * @param microBatchSize pairs of one pass; like lengths go together
   * @return the mean loss of the pairs before the step
   */
  double step(List<Pair> pairs, double learningRate, int microBatchSize) {
    var byLength = new ArrayList<>(pairs);
    byLength.sort(Comparator.comparingInt(Pair::longest));
    double loss = 0;
    for (var part : TokenBatch.split(byLength, microBatchSize)) {
      try (var call = scope.newSubManager()) {
        loss += gradient(call, part, 1.0 / pairs.size());
      }
    }
    try (var call = scope.newSubManager()) {
      double unused = optimizer.step(call, model.pairProgram(), learningRate);
    }
    return loss;
  }

  private double gradient(NDManager call, List<Pair> part, double scale) {
    var texts = new ArrayList<int[]>();
    part.forEach(pair -> texts.add(pair.chosen()));
    part.forEach(pair -> texts.add(pair.rejected()));
    var inputs = model.pairInputs(call, texts);
    var loss =
        (NDArray)
            model
                .pairProgram()
                .call(
                    call,
                    "pair_gradient",
                    model.parameters().views(),
                    optimizer.gradient().views(),
                    Precision.FLOAT32.code,
                    inputs.tokens(),
                    inputs.places(),
                    dropout,
                    random.nextLong() >>> 1,
                    scale);
    return loss.toFloatArray()[0];
  }

  @Override
  public void close() {
    scope.close();
  }
}
