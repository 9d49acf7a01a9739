package org.elasticreset.model;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Texts in batches of about the same length, so that little is computed for padding, and of bounded
 * size, so that memory does not grow with the number of texts.
 */
final class LengthBatches {

  /** Tokens of a batch, padding included, unless a single text is longer. */
  private static final int MAX_TOKENS = 8192;

  /** Below so many tokens one call costs more than the padding that two would save. */
  private static final int FEW_TOKENS = 128;

  private LengthBatches() {}

  /**
   * Calls {@code scorer} for one batch after the other.
   *
   * @return its rows in the order of {@code texts}
   */
  static float[][] score(List<int[]> texts, Function<List<int[]>, float[][]> scorer) {
    var rows = new float[texts.size()][];
    var order =
        IntStream.range(0, texts.size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> -texts.get(i).length))
            .mapToInt(i -> i)
            .toArray();
    for (int start = 0; start < order.length; ) {
      int end = end(texts, order, start);
      var batch = Arrays.stream(order, start, end).mapToObj(texts::get).toList();
      var scores = scorer.apply(batch);
      for (int i = start; i < end; i++) {
        rows[order[i]] = scores[i - start];
      }
      start = end;
    }
    return rows;
  }

  static int longest(List<int[]> batch) {
    return batch.stream().mapToInt(text -> text.length).max().orElse(0);
  }

  /** [texts · longest], padded on the right. */
  static long[] padded(List<int[]> batch, int padding) {
    int columns = longest(batch);
    var tokens = new long[batch.size() * columns];
    Arrays.fill(tokens, padding);
    for (int row = 0; row < batch.size(); row++) {
      var text = batch.get(row);
      for (int i = 0; i < text.length; i++) {
        tokens[row * columns + i] = text[i];
      }
    }
    return tokens;
  }

  /**
   * The end of the batch that begins with the longest text left: an eighth of it may be padding.
   */
  private static int end(List<int[]> texts, int[] order, int start) {
    int longest = texts.get(order[start]).length;
    int real = 0;
    int end = start;
    while (end < order.length) {
      real += texts.get(order[end]).length;
      int padded = longest * (end + 1 - start);
      boolean wasteful = padded > FEW_TOKENS && padded - real > padded / 8;
      if (end > start && (padded > MAX_TOKENS || wasteful)) {
        break;
      }
      end++;
    }
    return end;
  }
}
