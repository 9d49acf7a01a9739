package org.elasticreset.model;

import java.util.SplittableRandom;

/** A random order (Fisher and Yates). */
final class Shuffle {

  private Shuffle() {}

  /** The numbers below {@code count}, each once. */
  static int[] order(int count, SplittableRandom random) {
    var order = new int[count];
    for (int i = 0; i < count; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}
