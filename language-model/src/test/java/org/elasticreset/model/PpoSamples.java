package org.elasticreset.model;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Samples whose old policy is near the present one, with random values and advantages. */
final class PpoSamples {

  private PpoSamples() {}

  static List<PpoSample> near(
      List<float[]> logProbs, List<TokenSequence> sequences, RandomGenerator random) {
    var samples = new ArrayList<PpoSample>();
    for (int i = 0; i < sequences.size(); i++) {
      int length = sequences.get(i).responseTokens().length;
      var old = logProbs.get(i).clone();
      for (int t = 0; t < length; t++) {
        old[t] += (float) (0.3 * random.nextGaussian());
      }
      samples.add(
          new PpoSample(
              sequences.get(i),
              old,
              gaussian(length, random),
              gaussian(length, random),
              gaussian(length, random)));
    }
    return samples;
  }

  private static float[] gaussian(int length, RandomGenerator random) {
    var values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
