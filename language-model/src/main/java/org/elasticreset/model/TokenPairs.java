package org.elasticreset.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Prompts and responses to train on. A batch is of like lengths, so that little is padded: each
 * epoch is shuffled, sorted within groups of batches, and its batches shuffled again, all drawn
 * from the seed and the epoch alone.
 */
public final class TokenPairs implements TrainingExamples {

  /** Batches that are sorted together: enough for like lengths, few enough to stay random. */
  private static final int BATCHES_OF_A_GROUP = 16;

  private final List<TokenSequence> pairs;
  private final long tokens;
  private final long seed;
  private long epoch = -1;
  private int size;
  private List<List<TokenSequence>> batches = List.of();

  /**
   * @param pairs at least one
   */
  public TokenPairs(List<TokenSequence> pairs, long seed) {
    if (pairs.isEmpty()) {
      throw new IllegalArgumentException("pairs: none (expected: at least 1)");
    }
    this.pairs = List.copyOf(pairs);
    this.tokens = pairs.stream().mapToLong(pair -> pair.responseTokens().length).sum();
    this.seed = seed;
  }

  @Override
  public long tokens() {
    return tokens;
  }

  @Override
  public List<TokenSequence> examples(long step, int wanted) {
    long batchesOfAnEpoch = (pairs.size() + wanted - 1L) / wanted;
    shuffle(step / batchesOfAnEpoch, wanted);
    return batches.get((int) (step % batchesOfAnEpoch));
  }

  private void shuffle(long newEpoch, int newSize) {
    if (newEpoch == epoch && newSize == size) {
      return;
    }
    var random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + newEpoch);
    var order = new ArrayList<TokenSequence>();
    for (int i : Shuffle.order(pairs.size(), random)) {
      order.add(pairs.get(i));
    }
    int group = BATCHES_OF_A_GROUP * newSize;
    for (int from = 0; from < order.size(); from += group) {
      order
          .subList(from, Math.min(order.size(), from + group))
          .sort(Comparator.comparingInt(TokenSequence::length));
    }
    var inOrder = TokenBatch.split(order, newSize);
    var shuffled = new ArrayList<List<TokenSequence>>();
    for (int i : Shuffle.order(inOrder.size(), random)) {
      shuffled.add(inOrder.get(i));
    }
    batches = shuffled;
    epoch = newEpoch;
    size = newSize;
  }
}
