package org.elasticreset.evidence;

import java.util.Random;

/** Distributions with a known mean, and what a simulated share may be off by. */
enum Simulated {
  NORMAL(0) {
    @Override
    double draw(Random random) {
      return random.nextGaussian();
    }
  },
  /** Exponential: skewness 2. */
  SKEWED(1) {
    @Override
    double draw(Random random) {
      return -Math.log(1 - random.nextDouble());
    }
  },
  /** Student's t with three degrees of freedom: no fourth moment. */
  HEAVY_TAILED(0) {
    @Override
    double draw(Random random) {
      double squares = 0;
      for (int i = 0; i < 3; i++) {
        double z = random.nextGaussian();
        squares += z * z;
      }
      return random.nextGaussian() / Math.sqrt(squares / 3);
    }
  };

  private final double mean;

  Simulated(double mean) {
    this.mean = mean;
  }

  abstract double draw(Random random);

  double mean() {
    return mean;
  }

  double[] draw(int count, Random random) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = draw(random);
    }
    return values;
  }

  /** Four standard errors of a share over so many repetitions: one failure in 16,000. */
  static double tolerance(double share, int repetitions) {
    return 4 * Math.sqrt(share * (1 - share) / repetitions);
  }
}
