package org.elasticreset.rating.tools;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.elasticreset.checkpoint.Sha256;

/**
 * The order in which a tool shows candidates: their indices, first to last. The tools show all
 * raters the same, so it is drawn for each request. It travels with the record and comes back with
 * the answer: nobody has to draw it again.
 */
record ShownOrder(List<Integer> candidates) {

  ShownOrder {
    candidates = List.copyOf(candidates);
    var expected = IntStream.range(0, candidates.size()).boxed().toList();
    if (candidates.isEmpty() || !candidates.stream().sorted().toList().equals(expected)) {
      throw new IllegalArgumentException(
          "shown: " + candidates + " (expected: each index from 0 once)");
    }
  }

  /** Drawn by a hash of the request's id. */
  static ShownOrder drawn(String requestId, int candidates) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, candidates).boxed().toList());
    Collections.shuffle(order, new Random(hash(requestId)));
    return new ShownOrder(order);
  }

  private static long hash(String text) {
    byte[] digest = Sha256.begin().digest(text.getBytes(UTF_8));
    return ByteBuffer.wrap(digest).getLong();
  }

  /** Written as {@link #toString} does. */
  static ShownOrder of(Payload text) {
    text.check(text.text().matches("\\d{1,3}(,\\d{1,3})*"), "indices like 1,0");
    return new ShownOrder(List.of(text.text().split(",")).stream().map(Integer::parseInt).toList());
  }

  int size() {
    return candidates.size();
  }

  /**
   * Ranks in the order of the request.
   *
   * @param shown ranks in the order in which candidates were shown
   */
  List<Integer> ranks(List<Integer> shown) {
    Integer[] ranks = new Integer[size()];
    for (int place = 0; place < size(); place++) {
      ranks[candidates.get(place)] = shown.get(place);
    }
    return List.of(ranks);
  }

  /** {@code 1,0}. */
  @Override
  public String toString() {
    return candidates.stream().map(String::valueOf).collect(Collectors.joining(","));
  }
}
