package org.elasticreset.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class DistinctNgramsTest {
  @Provide
  Arbitrary<List<int[]>> responses() {
    return Arbitraries.integers()
        .between(0, 5)
        .array(int[].class)
        .ofMaxSize(12)
        .list()
        .ofMaxSize(6);
  }

  @Property
  void isAShare(
      @ForAll("responses") List<int[]> responses, @ForAll @IntRange(min = 1, max = 3) int n) {
    assertThat(DistinctNgrams.share(responses, n)).isBetween(0.0, 1.0);
  }

  @Property
  void sayingEverythingTwiceHalvesIt(
      @ForAll("responses") List<int[]> responses, @ForAll @IntRange(min = 1, max = 3) int n) {
    List<int[]> twice = Stream.concat(responses.stream(), responses.stream()).toList();

    assertThat(DistinctNgrams.share(twice, n)).isEqualTo(DistinctNgrams.share(responses, n) / 2);
  }

  @Example
  void countsAcrossResponsesButNotOverTheirEdges() {
    List<int[]> responses = List.of(new int[] {1, 2, 1}, new int[] {1, 2});

    assertThat(DistinctNgrams.share(responses, 1)).isEqualTo(2 / 5.0);
    assertThat(DistinctNgrams.share(responses, 2)).isEqualTo(2 / 3.0);
  }

  @Example
  void isZeroWhereNoResponseIsLongEnough() {
    assertThat(DistinctNgrams.share(List.of(new int[] {1}), 2)).isZero();
  }

  @Example
  void refusesNgramsOfNothing() {
    assertThatThrownBy(() -> DistinctNgrams.share(List.of(), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("n: 0 (expected: n >= 1)");
  }
}
