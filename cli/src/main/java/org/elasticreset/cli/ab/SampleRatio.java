package org.elasticreset.cli.ab;

import java.util.List;

/**
 * Whether the split is the one that was meant: a mismatch of the sample ratio is the commonest sign
 * of a broken experiment (Fabijan et al., Diagnosing Sample Ratio Mismatch, KDD 2019). Keys that
 * are no independent draws, such as a counter of one user alone, show here.
 *
 * @param inB prompts that B got
 * @param expected Σ p_i
 * @param deviations of {@code inB} from it, over √Σ p_i (1 − p_i)
 */
public record SampleRatio(long inB, double expected, double deviations) {
  private static final double ALARM = 4;

  static SampleRatio of(List<Assignment> assignments) {
    long inB = 0;
    double expected = 0;
    double variance = 0;
    for (Assignment each : assignments) {
      inB += each.arm() == Arm.B ? 1 : 0;
      expected += each.share();
      variance += each.share() * (1 - each.share());
    }
    return new SampleRatio(
        inB, expected, variance == 0 ? 0 : (inB - expected) / Math.sqrt(variance));
  }

  /** Further from what was meant than chance goes once in 15,000 experiments. */
  public boolean isSuspicious() {
    return Math.abs(deviations) > ALARM;
  }
}
