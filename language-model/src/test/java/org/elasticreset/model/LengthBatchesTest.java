package org.elasticreset.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LengthBatchesTest {

  private final List<List<int[]>> batches = Collections.synchronizedList(new ArrayList<>());

  /** Scores a text by its length. */
  private float[][] score(List<int[]> batch) {
    batches.add(batch);
    return batch.stream().map(text -> new float[] {text.length}).toArray(float[][]::new);
  }

  @Test
  void rowsComeInTheOrderOfTheTexts() {
    var random = new SplittableRandom(1);
    var texts = IntStream.range(0, 200).mapToObj(i -> new int[1 + random.nextInt(500)]).toList();

    var rows = LengthBatches.score(texts, this::score);

    for (int i = 0; i < rows.length; i++) {
      assertThat(rows[i]).containsExactly(texts.get(i).length);
    }
    assertThat(batches.stream().mapToInt(List::size).sum()).isEqualTo(200);
    for (var batch : batches) {
      int padded = batch.size() * LengthBatches.longest(batch);
      int real = batch.stream().mapToInt(text -> text.length).sum();
      assertThat(padded).isLessThanOrEqualTo(512);
      assertThat(padded - real).isLessThanOrEqualTo(Math.max(128, padded / 8));
    }
  }

  @Test
  void textsOfOneLengthAreOneBatchUntilItIsLarge() {
    LengthBatches.score(IntStream.range(0, 4).mapToObj(i -> new int[128]).toList(), this::score);
    assertThat(batches).hasSize(1);

    batches.clear();
    LengthBatches.score(IntStream.range(0, 5).mapToObj(i -> new int[256]).toList(), this::score);
    assertThat(batches).extracting(List::size).containsExactlyInAnyOrder(2, 2, 1);
  }

  @Test
  void aTextAboveTheBoundIsABatchOfItsOwn() {
    LengthBatches.score(List.of(new int[513], new int[513]), this::score);
    assertThat(batches).extracting(List::size).containsExactly(1, 1);
  }

  @Test
  void noTextsAreNoBatch() {
    assertThat(LengthBatches.score(List.of(), this::score)).isEmpty();
    assertThat(batches).isEmpty();
  }
}
