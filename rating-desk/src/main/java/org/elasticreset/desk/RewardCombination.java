package org.elasticreset.desk;

/** What the reward is made of once people have said what a rollout is worth. */
public sealed interface RewardCombination {

  /**
   * The reward.
   *
   * @param model reward of the models, in their unit
   * @param people value of the rollout, 0 to 1
   */
  double of(double model, double people);

  /** What people say, in the place of what models say. */
  record Replace() implements RewardCombination {
    @Override
    public double of(double model, double people) {
      return people;
    }
  }

  /**
   * model + weight · (people − ½). What people value neither way changes nothing: to be asked about
   * is no reward by itself, which a policy could earn by responses that models are unsure of.
   *
   * @param weight finite
   */
  record AddWeighted(double weight) implements RewardCombination {
    /**
     * Validates.
     *
     * @throws IllegalArgumentException if the weight is not finite
     */
    public AddWeighted {
      if (!Double.isFinite(weight)) {
        throw new IllegalArgumentException("weight: " + weight + " (expected: a finite number)");
      }
    }

    @Override
    public double of(double model, double people) {
      return model + weight * (people - 0.5);
    }
  }
}
