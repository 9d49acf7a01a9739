package org.elasticreset.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Sequences side by side, padded on the right, and which of their tokens are predicted.
 *
 * <p>B sequences, S positions, N predicted tokens. In a causal model no token looks to its right,
 * so padding there needs no mask. The last token of a sequence is only predicted, never read.
 */
final class TokenBatch {

  private final int sequences;
  private final int width;
  private final long[] tokens; // [B,S]
  private final long[] rows; // [N], of the B·S positions, the one before each predicted token
  private final long[] targets; // [N], the predicted tokens

  private TokenBatch(DecoderConfig config, List<int[]> sequences, int[] firstPredicted) {
    this.sequences = sequences.size();
    int longest = 0;
    int predicted = 0;
    for (int b = 0; b < firstPredicted.length; b++) {
      int length = sequences.get(b).length;
      requireFits(config, length);
      longest = Math.max(longest, length - 1);
      predicted += length - firstPredicted[b];
    }
    this.width = longest;
    this.tokens = new long[this.sequences * width];
    this.rows = new long[predicted];
    this.targets = new long[predicted];
    int n = 0;
    for (int b = 0; b < firstPredicted.length; b++) {
      var sequence = sequences.get(b);
      for (int s = 0; s < sequence.length; s++) {
        int token = requireKnown(config, sequence[s]);
        if (s < sequence.length - 1) {
          tokens[b * width + s] = token;
        }
        if (s >= firstPredicted[b]) {
          rows[n] = (long) b * width + s - 1;
          targets[n++] = token;
        }
      }
    }
  }

  /** Predicts every token but the first of each sequence. */
  static TokenBatch ofTexts(DecoderConfig config, List<int[]> texts) {
    return new TokenBatch(config, texts, texts.stream().mapToInt(text -> 1).toArray());
  }

  /** Predicts the response tokens. */
  static TokenBatch ofResponses(DecoderConfig config, List<TokenSequence> sequences) {
    return new TokenBatch(
        config,
        sequences.stream().map(TokenSequence::tokens).toList(),
        sequences.stream().mapToInt(sequence -> sequence.promptTokens().length).toArray());
  }

  /**
   * In order, and so small that as many as the engine takes at once have {@code size} items
   * together.
   */
  static <T> List<List<T>> passes(List<T> items, int size) {
    return split(items, Math.max(Math.min(1, size), size / Engine.partsAtOnce()));
  }

  /** In order, each of {@code size} but the last. */
  static <T> List<List<T>> split(List<T> items, int size) {
    if (items.isEmpty()) {
      throw new IllegalArgumentException("batch: empty (expected: at least 1 sequence)");
    }
    if (size < 1) {
      throw new IllegalArgumentException("batch size: " + size + " (expected: at least 1)");
    }
    var parts = new ArrayList<List<T>>();
    for (int from = 0; from < items.size(); from += size) {
      parts.add(items.subList(from, Math.min(items.size(), from + size)));
    }
    return parts;
  }

  /** N. */
  int predicted() {
    return targets.length;
  }

  NDArray tokens(NDManager scope) {
    return scope.create(tokens, new Shape(sequences, width));
  }

  NDArray rows(NDManager scope) {
    return scope.create(rows);
  }

  NDArray targets(NDManager scope) {
    return scope.create(targets);
  }

  static int requireKnown(DecoderConfig config, int token) {
    if (token < 0 || token >= config.vocabularySize()) {
      throw new IllegalArgumentException(
          "token: " + token + " (expected: 0 to " + (config.vocabularySize() - 1) + ")");
    }
    return token;
  }

  private static void requireFits(DecoderConfig config, int length) {
    if (length < 2 || length - 1 > config.positions()) {
      throw new IllegalArgumentException(
          "sequence of "
              + length
              + " tokens (expected: 2 to "
              + config.positionsKey()
              + " + 1, "
              + (config.positions() + 1)
              + ")");
    }
  }
}
