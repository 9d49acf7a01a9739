package org.elasticreset.learner;

import java.util.Random;

/**
 * What may go wrong, and how probably, each time that it may.
 *
 * @param learnerDies before or behind any effect of the learner
 * @param emaDies before or behind anything durable of the ema-service
 * @param answerLost with its stream, behind an update or a release
 * @param workerDies with a batch
 * @param duplicated a prompt or a scored rollout is delivered twice
 * @param lost a batch goes to the dead letters
 * @param asked people are asked about a rollout, and its score comes up to three times
 */
record Chances(
    double learnerDies,
    double emaDies,
    double answerLost,
    double workerDies,
    double duplicated,
    double lost,
    double asked) {

  /** Nothing goes wrong. */
  static final Chances NONE = new Chances(0, 0, 0, 0, 0, 0, 0);

  /** One kind of fault in three is absent, so that the others are seen alone, too. */
  static Chances drawn(Random random) {
    return new Chances(
        some(random, 0.02),
        some(random, 0.05),
        some(random, 0.1),
        some(random, 0.1),
        some(random, 0.2),
        some(random, 0.05),
        some(random, 1));
  }

  private static double some(Random random, double most) {
    return random.nextInt(3) == 0 ? 0 : random.nextDouble() * most;
  }
}
