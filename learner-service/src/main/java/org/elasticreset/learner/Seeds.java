package org.elasticreset.learner;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** Derives the seeds of a run's parts from the run's one seed, each from its name. */
final class Seeds {

  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private final long runSeed;

  Seeds(long runSeed) {
    this.runSeed = runSeed;
  }

  /**
   * A seed for the part of that name, the same in every run of this seed.
   *
   * <p>FNV-1a over the name, mixed with the run's seed by SplitMix64.
   */
  long of(String name) {
    long hash = FNV_OFFSET;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * FNV_PRIME;
    }
    return new SplittableRandom(new SplittableRandom(runSeed).nextLong() ^ hash).nextLong();
  }

  /** The numbers 0 to size − 1 in the order of that name (Fisher–Yates). */
  int[] permutation(String name, int size) {
    SplittableRandom random = new SplittableRandom(of(name));
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}
