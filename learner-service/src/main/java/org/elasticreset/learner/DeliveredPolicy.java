package org.elasticreset.learner;

import java.nio.file.Path;
import org.elasticreset.algorithm.PolicyStamp;
import org.elasticreset.learner.LearnerConfig.Deliver;

/**
 * What a run is measured by and hands over: the policy, or the average behind it, while training
 * goes on with the policy.
 */
record DeliveredPolicy(Deliver deliver, TrainedPolicy policy, EmaService emaService) {

  /** Whether it is the average. */
  boolean isAverage() {
    return deliver == Deliver.AVERAGE;
  }

  /**
   * Measures it. Where it is the average, that takes the policy's place for the time of the
   * measurement; afterwards policy, value head and optimizer are what they were, to the bit.
   */
  <T> T measured(PolicyStamp newest, Measurement<T> measurement) throws InterruptedException {
    if (!isAverage()) {
      return measurement.make();
    }
    policy.remember();
    try {
      emaService.download(newest, policy.weights());
      return measurement.make();
    } finally {
      policy.recall();
    }
  }

  /** Writes it, at the end of the run. */
  void save(PolicyStamp newest, Path directory) throws InterruptedException {
    if (isAverage()) {
      emaService.download(newest, policy.weights());
    }
    policy.save(directory);
  }

  /** Something that is measured of the weights that are in place. */
  interface Measurement<T> {
    T make();
  }
}
