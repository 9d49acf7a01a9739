package org.elasticreset.algorithm;

import org.elasticreset.algorithm.ResetDecision.Reset;
import org.elasticreset.algorithm.ResetDecision.ResetToAverage;
import org.elasticreset.algorithm.ResetDecision.ResetToInitial;

/** What the policy becomes at a reset. */
public enum ResetTarget {
  /** The average, θ̄: Elastic Reset. */
  AVERAGE,
  /** The initial weights, θ₀: the paper's ablation, which keeps nothing of what was learnt. */
  INITIAL;

  /** The decision to reset to it. */
  Reset reset(String reason, long updatesSinceReset) {
    return this == AVERAGE
        ? new ResetToAverage(reason, updatesSinceReset)
        : new ResetToInitial(reason, updatesSinceReset);
  }
}
