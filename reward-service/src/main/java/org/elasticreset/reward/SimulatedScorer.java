package org.elasticreset.reward;

import java.util.List;
import java.util.SplittableRandom;
import org.elasticreset.model.simulated.Distribution;
import org.elasticreset.model.simulated.SimulatedWork;

/**
 * For simulations of scale: a batch takes its time, and a response always has the same score, 0 to
 * 1, which means nothing.
 *
 * @param batchTime in seconds
 */
record SimulatedScorer(Distribution batchTime) implements Scorer {

  @Override
  public double[] score(List<ScorableText> texts) {
    long began = System.nanoTime();
    double[] scores =
        texts.stream()
            .mapToDouble(text -> new SplittableRandom(text.response().hashCode()).nextDouble())
            .toArray();
    var times = new SplittableRandom(texts.get(0).response().hashCode());
    SimulatedWork.takeUntil(began, batchTime.draw(times));
    return scores;
  }
}
