package org.elasticreset.model;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One long row of tokens, documents separated by the end-of-text token, cut into windows for
 * training.
 *
 * <p>Each epoch cuts at another offset and shuffles, both drawn from the seed and the epoch alone:
 * the windows of step s can be had without those of the steps before.
 */
public final class TokenWindows implements TrainingExamples {

  private final int[] tokens;
  private final int context;
  private final int count;
  private final long seed;
  private long shuffledEpoch = -1;
  private int[] order = new int[0];
  private int offset;

  private TokenWindows(int[] tokens, int context, long seed) {
    this.tokens = tokens;
    this.context = context;
    this.seed = seed;
    // One window less than fits, so that there is room for any offset.
    this.count = Math.max(0, (tokens.length - 1) / context - 1);
  }

  /**
   * @param context tokens that a window predicts; a window has one more, the first one's
   *     predecessor
   * @throws IllegalArgumentException if the documents fill fewer than two windows
   */
  public static TokenWindows of(List<int[]> documents, int endOfText, int context, long seed) {
    var windows = new TokenWindows(pack(documents, endOfText), context, seed);
    if (windows.count == 0) {
      throw new IllegalArgumentException(
          "training text: %d tokens (expected: more than %d, two windows of the context)"
              .formatted(windows.tokens.length, 2 * context));
    }
    return windows;
  }

  /** The documents one after another, end-of-text before, between and after them. */
  static int[] pack(List<int[]> documents, int endOfText) {
    int length = documents.stream().mapToInt(document -> document.length + 1).sum() + 1;
    var packed = new int[length];
    packed[0] = endOfText;
    int position = 1;
    for (var document : documents) {
      System.arraycopy(document, 0, packed, position, document.length);
      position += document.length;
      packed[position++] = endOfText;
    }
    return packed;
  }

  /** Tokens of an epoch, roughly: all tokens of the text. */
  @Override
  public long tokens() {
    return tokens.length;
  }

  /** Windows of an epoch. */
  public int count() {
    return count;
  }

  /**
   * The windows that step {@code step} trains on, {@code size} of context + 1 tokens.
   *
   * @param step from 0
   */
  public List<int[]> batch(long step, int size) {
    var batch = new int[size][];
    for (int i = 0; i < size; i++) {
      long index = step * size + i;
      shuffle(index / count);
      int from = offset + order[(int) (index % count)] * context;
      batch[i] = Arrays.copyOfRange(tokens, from, from + context + 1);
    }
    return List.of(batch);
  }

  @Override
  public List<TokenSequence> examples(long step, int size) {
    return batch(step, size).stream().map(TokenSequence::ofText).toList();
  }

  private void shuffle(long epoch) {
    if (epoch == shuffledEpoch) {
      return;
    }
    var random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + epoch);
    offset = random.nextInt(context);
    order = new int[count];
    for (int i = 0; i < count; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    shuffledEpoch = epoch;
  }
}
