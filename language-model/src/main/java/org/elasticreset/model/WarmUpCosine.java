package org.elasticreset.model;

/**
 * A learning rate that rises linearly for some steps and then falls along half a cosine (Loshchilov
 * and Hutter 2017).
 *
 * @param peak the highest rate
 * @param warmUpSteps steps of rising, 0 for none
 * @param floor the share of the peak that is left at the end
 */
public record WarmUpCosine(double peak, int warmUpSteps, double floor) {

  public WarmUpCosine {
    if (!(peak > 0)) {
      throw new IllegalArgumentException("learning rate: " + peak + " (expected: above 0)");
    }
    if (warmUpSteps < 0) {
      throw new IllegalArgumentException(
          "warm-up steps: " + warmUpSteps + " (expected: 0 or more)");
    }
    if (!(floor >= 0 && floor <= 1)) {
      throw new IllegalArgumentException(
          "learning rate floor: " + floor + " (expected: 0 <= floor <= 1)");
    }
  }

  /**
   * @param step steps since the optimizer started, from 0
   * @param spent share of the whole budget, 0 to 1
   */
  double at(long step, double spent) {
    double rise = warmUpSteps == 0 ? 1 : Math.min(1, (step + 1.0) / warmUpSteps);
    double fall = floor + (1 - floor) * 0.5 * (1 + Math.cos(Math.PI * spent));
    return peak * rise * fall;
  }
}
