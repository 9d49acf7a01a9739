package org.elasticreset.model.tokenizer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;

/**
 * Finds the merges of a byte-level BPE from words and how often each occurs.
 *
 * <p>Counts are kept per distinct word and corrected where a merge changes a word, so that a merge
 * costs what it touches and not a pass over the text. The queue of candidates is lazy: a pair whose
 * count has sunk since it was queued goes back with its new count.
 */
final class BpeMerges {

  /** Tokens {@code left} and {@code right}, side by side, are token {@code result}. */
  record Merge(int left, int right, int result) {}

  private record Candidate(long pair, long count) {}

  /** Where a pair occurs: every word it is in, and perhaps words that it has been merged out of. */
  private static final class Occurrences {
    private long count;
    private int[] words = new int[2];
    private int size;

    void in(int word) {
      if (size > 0 && words[size - 1] == word) {
        return;
      }
      if (size == words.length) {
        words = Arrays.copyOf(words, size * 2);
      }
      words[size++] = word;
    }
  }

  /** Below this a pair says more about one text than about the language. */
  private static final long MIN_COUNT = 2;

  private final int[][] words;
  private final long[] wordCounts;
  private final Map<Long, Occurrences> pairs = new HashMap<>();
  private final PriorityQueue<Candidate> candidates =
      new PriorityQueue<>(
          Comparator.comparingLong(Candidate::count).reversed().thenComparingLong(Candidate::pair));
  private final List<String> tokens = new ArrayList<>();
  private final Map<String, Integer> idOfToken = new HashMap<>();

  BpeMerges(Map<String, Long> counts) {
    words = new int[counts.size()][];
    wordCounts = new long[counts.size()];
    for (int i = 0; i < ByteAlphabet.SIZE; i++) {
      idOf(ByteAlphabet.symbol(i));
    }
    int word = 0;
    // Sorted, so that nothing depends on the order of a hash map.
    for (var entry : counts.entrySet().stream().sorted(Map.Entry.comparingByKey()).toList()) {
      words[word] = ByteAlphabet.numbers(entry.getKey());
      wordCounts[word] = entry.getValue();
      count(word, 1);
      for (int i = 1; i < words[word].length; i++) {
        where(pair(words[word][i - 1], words[word][i])).in(word);
      }
      word++;
    }
    pairs.forEach((pair, where) -> candidates.add(new Candidate(pair, where.count)));
  }

  /** Learns up to {@code wanted} new tokens; the merges in the order in which they apply. */
  List<Merge> learn(int wanted) {
    var merges = new ArrayList<Merge>();
    int target = tokens.size() + wanted;
    while (tokens.size() < target) {
      var candidate = candidates.poll();
      if (candidate == null) {
        break;
      }
      long current = where(candidate.pair()).count;
      if (candidate.count() != current) {
        candidates.add(new Candidate(candidate.pair(), current));
        continue;
      }
      if (current < MIN_COUNT) {
        break;
      }
      int left = left(candidate.pair());
      int right = right(candidate.pair());
      var merge = new Merge(left, right, idOf(tokens.get(left) + tokens.get(right)));
      merges.add(merge);
      apply(merge);
    }
    return merges;
  }

  /** All tokens, the bytes first, as the alphabet writes them; the index is the id. */
  List<String> tokens() {
    return List.copyOf(tokens);
  }

  /** Of a pair that was counted before. */
  private Occurrences where(long pair) {
    return Objects.requireNonNull(pairs.get(pair));
  }

  private int idOf(String token) {
    return idOfToken.computeIfAbsent(
        token,
        unseen -> {
          tokens.add(unseen);
          return tokens.size() - 1;
        });
  }

  private void apply(Merge merge) {
    var where = where(pair(merge.left(), merge.right()));
    var changed = new HashMap<Long, Occurrences>();
    for (int i = 0; i < where.size; i++) {
      int word = where.words[i];
      var merged = merged(words[word], merge);
      if (merged.length == words[word].length) {
        continue;
      }
      count(word, -1);
      words[word] = merged;
      count(word, 1);
      for (int j = 1; j < merged.length; j++) {
        if (merged[j - 1] == merge.result() || merged[j] == merge.result()) {
          long pair = pair(merged[j - 1], merged[j]);
          var occurrences = where(pair);
          occurrences.in(word);
          changed.put(pair, occurrences);
        }
      }
    }
    where.size = 0;
    changed.forEach((pair, occurrences) -> candidates.add(new Candidate(pair, occurrences.count)));
  }

  private void count(int word, int sign) {
    var symbols = words[word];
    for (int i = 1; i < symbols.length; i++) {
      pairs.computeIfAbsent(pair(symbols[i - 1], symbols[i]), unseen -> new Occurrences()).count +=
          sign * wordCounts[word];
    }
  }

  private static int[] merged(int[] symbols, Merge merge) {
    var merged = new int[symbols.length];
    int length = 0;
    for (int i = 0; i < symbols.length; i++) {
      boolean pairHere =
          symbols[i] == merge.left() && i + 1 < symbols.length && symbols[i + 1] == merge.right();
      merged[length++] = pairHere ? merge.result() : symbols[i];
      if (pairHere) {
        i++;
      }
    }
    return length == symbols.length ? symbols : Arrays.copyOf(merged, length);
  }

  private static long pair(int left, int right) {
    return (long) left << Integer.SIZE | right;
  }

  private static int left(long pair) {
    return (int) (pair >>> Integer.SIZE);
  }

  private static int right(long pair) {
    return (int) pair;
  }
}
