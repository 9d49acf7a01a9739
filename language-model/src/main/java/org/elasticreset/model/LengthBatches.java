package org.elasticreset.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Texts in batches of about the same length, so that little is computed for padding, and of bounded
 * size, so that memory does not grow with the number of texts. Which texts are together depends on
 * nothing but their lengths and the device.
 */
final class LengthBatches {

  /** Tokens of a batch, padding included, unless a single text is longer. */
  private static final int MAX_TOKENS = 8192;

  /**
   * The same on a processor. More gain nothing in a product there, and what is between products
   * leaves the cache.
   */
  private static final int MAX_TOKENS_OF_A_CORE = 512;

  /** Below so many tokens one call costs more than the padding that two would save. */
  private static final int FEW_TOKENS = 128;

  private LengthBatches() {}

  /**
   * Calls {@code scorer} for each batch, for several at a time where {@link Engine#sideBySide}
   * does.
   *
   * @return its rows in the order of {@code texts}
   */
  static float[][] score(List<int[]> texts, Function<List<int[]>, float[][]> scorer) {
    var order =
        IntStream.range(0, texts.size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> -texts.get(i).length))
            .mapToInt(i -> i)
            .toArray();
    int most = Engine.onProcessor() ? MAX_TOKENS_OF_A_CORE : MAX_TOKENS;
    var batches = new ArrayList<int[]>();
    for (int start = 0; start < order.length; ) {
      int end = end(texts, order, start, most);
      batches.add(Arrays.copyOfRange(order, start, end));
      start = end;
    }
    var scores =
        Engine.sideBySide(
            batches, batch -> scorer.apply(Arrays.stream(batch).mapToObj(texts::get).toList()));
    var rows = new float[texts.size()][];
    for (int b = 0; b < batches.size(); b++) {
      for (int i = 0; i < batches.get(b).length; i++) {
        rows[batches.get(b)[i]] = scores.get(b)[i];
      }
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
  private static int end(List<int[]> texts, int[] order, int start, int most) {
    int longest = texts.get(order[start]).length;
    int real = 0;
    int end = start;
    while (end < order.length) {
      real += texts.get(order[end]).length;
      int padded = longest * (end + 1 - start);
      boolean wasteful = padded > FEW_TOKENS && padded - real > padded / 8;
      if (end > start && (padded > most || wasteful)) {
        break;
      }
      end++;
    }
    return end;
  }
}
