package org.elasticreset.cli.simulate;

import org.elasticreset.model.simulated.Distribution;

/**
 * What a training step asks of a cluster.
 *
 * @param parameters weights that travel: of the policy, or of its adapters
 * @param rolloutsPerStep a multiple of {@code batchSize}
 * @param batchSize rollouts that a worker generates in one call
 * @param generate of a worker's model, for a batch
 * @param score seconds that a scorer takes for a batch
 * @param learn seconds that the learner computes in a step
 * @param maxStaleness 0: generation waits for learning; 1: they overlap
 */
public record Workload(
    long parameters,
    int rolloutsPerStep,
    int batchSize,
    GenerationTime generate,
    Distribution score,
    Distribution learn,
    int maxStaleness) {

  public Workload {
    if (batchSize < 1 || rolloutsPerStep < batchSize || rolloutsPerStep % batchSize != 0) {
      throw new IllegalArgumentException(
          "rollouts of a step: %d (expected: a multiple of the batch, %d)"
              .formatted(rolloutsPerStep, batchSize));
    }
  }

  /** Batches of a step. */
  public int batches() {
    return rolloutsPerStep / batchSize;
  }

  /** Of a policy, in float32. */
  public double weightBytes() {
    return 4.0 * parameters;
  }

  /** The same with steps of that many rollouts. */
  public Workload withRolloutsPerStep(int rollouts) {
    return new Workload(parameters, rollouts, batchSize, generate, score, learn, maxStaleness);
  }
}
