package org.elasticreset.model;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Samples whose old policy and reference are near the present one, the rest random. */
final class PpoSamples {

  private PpoSamples() {}

  static List<PpoSample> near(
      List<float[]> logProbs, List<TokenSequence> sequences, RandomGenerator random) {
    var samples = new ArrayList<PpoSample>();
    for (int i = 0; i < sequences.size(); i++) {
      int length = sequences.get(i).responseTokens().length;
      var old = near(logProbs.get(i), random);
      samples.add(
          new PpoSample(
              sequences.get(i),
              old,
              near(logProbs.get(i), random),
              gaussian(length, random),
              gaussian(length, random),
              gaussian(length, random)));
    }
    return samples;
  }

  private static float[] near(float[] logProbs, RandomGenerator random) {
    var near = logProbs.clone();
    for (int t = 0; t < near.length; t++) {
      near[t] += (float) (0.3 * random.nextGaussian());
    }
    return near;
  }

  private static float[] gaussian(int length, RandomGenerator random) {
    var values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
