package org.elasticreset.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;

/** Every arm beside one baseline, in one figure, with the chance of any false claim stated. */
public final class Comparisons {
  private static final double POWER = 0.8;

  private Comparisons() {}

  /**
   * Compares.
   *
   * @param arms all that is compared; the baseline among them is passed over
   * @param figure of a run, if it has it; more is better
   * @param confidence of each interval; one minus it bounds the chance that any verdict of these is
   *     a false claim
   * @return as {@code arms}
   */
  public static List<Comparison> against(
      Arm baseline, List<Arm> arms, Function<Curve, OptionalDouble> figure, double confidence) {
    Require.probability("confidence", confidence);
    List<Arm> others = arms.stream().filter(arm -> !arm.name().equals(baseline.name())).toList();
    List<PairedDifferences> differences =
        others.stream().map(arm -> PairedDifferences.between(arm, baseline, figure)).toList();
    List<PairedDifferences> enough =
        differences.stream().filter(each -> each.values().size() >= 2).toList();
    double[] pValues = new double[enough.size()];
    double[] signFlips = new double[enough.size()];
    List<PairedBootstrap> bootstraps = new ArrayList<>();
    for (int i = 0; i < enough.size(); i++) {
      double[] values = enough.get(i).toArray();
      bootstraps.add(new PairedBootstrap(values));
      pValues[i] = bootstraps.get(i).pValue();
      signFlips[i] = SignFlip.pValue(values);
    }
    double[] holm = Holm.adjusted(pValues);
    double[] signFlipHolm = Holm.adjusted(signFlips);
    List<Comparison.Inference> inferences = new ArrayList<>();
    for (int i = 0; i < enough.size(); i++) {
      double[] values = enough.get(i).toArray();
      double detectable =
          Power.smallestDetectable(
              new Sample(values).deviation(),
              values.length,
              (1 - confidence) / enough.size(),
              POWER);
      inferences.add(
          new Comparison.Inference(
              bootstraps.get(i).interval(confidence),
              pValues[i],
              holm[i],
              signFlips[i],
              signFlipHolm[i],
              detectable));
    }
    return joined(baseline, others, differences, inferences);
  }

  private static List<Comparison> joined(
      Arm baseline,
      List<Arm> arms,
      List<PairedDifferences> differences,
      List<Comparison.Inference> inferences) {
    List<Comparison> comparisons = new ArrayList<>();
    int used = 0;
    for (int i = 0; i < arms.size(); i++) {
      Comparison.Inference inference =
          differences.get(i).values().size() >= 2 ? inferences.get(used++) : null;
      comparisons.add(
          Comparison.of(arms.get(i).name(), baseline.name(), differences.get(i), inference));
    }
    return comparisons;
  }
}
