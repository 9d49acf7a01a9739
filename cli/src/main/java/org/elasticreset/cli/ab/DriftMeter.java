package org.elasticreset.cli.ab;

import java.util.List;
import java.util.OptionalDouble;
import org.elasticreset.proto.v1.Rollout;

/** How far answers are from what the initial policy would say. */
public interface DriftMeter {
  /**
   * Of each rollout Σ_t (log π(a_t) − log π₀(a_t)) in nats, the k1 estimate whose mean is KL(π ‖
   * π₀); empty without an initial policy.
   */
  List<OptionalDouble> nats(List<Rollout> rollouts);
}
