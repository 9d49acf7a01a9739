package org.elasticreset.model;

import java.time.Duration;

/** When training ends; the learning rate falls along the share that is spent. */
public sealed interface TrainingBudget {

  /** The share spent, 0 at the start, 1 at the end. */
  double spent(long steps, Duration elapsed);

  /** A number of optimizer steps: the same result on any machine, give or take rounding. */
  record Steps(long steps) implements TrainingBudget {
    public Steps {
      if (steps < 1) {
        throw new IllegalArgumentException("steps: " + steps + " (expected: at least 1)");
      }
    }

    @Override
    public double spent(long done, Duration elapsed) {
      return Math.min(1, (double) done / steps);
    }
  }

  /** Wall time: as many steps as fit into it. */
  record Time(Duration duration) implements TrainingBudget {
    public Time {
      if (duration.isZero() || duration.isNegative()) {
        throw new IllegalArgumentException("time: " + duration + " (expected: above 0)");
      }
    }

    @Override
    public double spent(long done, Duration elapsed) {
      return Math.min(1, (double) elapsed.toNanos() / duration.toNanos());
    }
  }
}
