package org.elasticreset.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The words and pairs of neighbouring words of a text, hashed into bins.
 *
 * <p>Words are lower-cased runs of letters, digits and apostrophes; {@code !} and {@code ?} are
 * words too. A pair is written with one space. The bin is Java's string hash, mixed as MurmurHash3
 * finishes, modulo the number of bins: a power of two, so that its low bits are the bin.
 */
final class NgramFeatures {

  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}']+|[!?]");

  private NgramFeatures() {}

  /** The bins that occur in {@code text}, ascending, each once. */
  static int[] of(String text, int bins) {
    var words = WORD.matcher(text.toLowerCase(Locale.ROOT)).results().map(r -> r.group()).toList();
    var found = new int[Math.max(0, 2 * words.size() - 1)];
    for (int i = 0; i < words.size(); i++) {
      found[i] = bin(words.get(i), bins);
      if (i > 0) {
        found[words.size() + i - 1] = bin(words.get(i - 1) + " " + words.get(i), bins);
      }
    }
    return Arrays.stream(found).sorted().distinct().toArray();
  }

  private static int bin(String ngram, int bins) {
    int hash = ngram.hashCode();
    hash = (hash ^ (hash >>> 16)) * 0x85ebca6b;
    hash = (hash ^ (hash >>> 13)) * 0xc2b2ae35;
    return (hash ^ (hash >>> 16)) & (bins - 1);
  }
}
