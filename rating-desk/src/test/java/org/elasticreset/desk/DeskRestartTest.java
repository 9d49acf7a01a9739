package org.elasticreset.desk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.elasticreset.proto.v1.Rating;
import org.elasticreset.proto.v1.RatingCase;
import org.elasticreset.proto.v1.ScoredRollout;
import org.elasticreset.rating.Fallback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A desk that begins again with its changelogs, in the middle of everything. */
class DeskRestartTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void everyCaseIsSentOnOnceWhateverTheOrderAndHoweverOftenItBeginsAgain(long seed) {
    Random random = new Random(seed);
    List<RatingCase> cases = cases(60, 2);
    List<Rating> said = said(cases, random);
    Map<String, List<ScoredRollout>> scored = new HashMap<>();
    DeskDriver desk = DeskDriver.with(Fallback.WAIT);
    try {
      desk.open(cases.toArray(RatingCase[]::new));
      for (Rating rating : said) {
        desk.say(rating);
        if (random.nextInt(40) == 0) {
          collect(desk, scored);
          desk = desk.restarted();
        }
      }
      collect(desk, scored);
    } finally {
      desk.close();
    }
    assertSentOnOnceAndRight(cases, scored);
  }

  @Test
  void aThousandRequestsAreAnsweredOnceEach() {
    List<RatingCase> cases = cases(1000, 2);
    Map<String, List<ScoredRollout>> scored = new HashMap<>();
    try (DeskDriver desk = DeskDriver.with(Fallback.WAIT)) {
      desk.open(cases.toArray(RatingCase[]::new));
      desk.say(said(cases, new Random(5)).toArray(Rating[]::new));
      collect(desk, scored);
      assertThat(desk.dead()).isEmpty();
    }
    assertSentOnOnceAndRight(cases, scored);
  }

  private static List<RatingCase> cases(int count, int overlap) {
    return IntStream.range(0, count).mapToObj(i -> Cases.pair(3, i, overlap)).toList();
  }

  /** The first is better of even cases, the second of odd ones; two say so, some of them twice. */
  private static List<Rating> said(List<RatingCase> cases, Random random) {
    List<Rating> said = new ArrayList<>();
    for (int i = 0; i < cases.size(); i++) {
      for (String rater : List.of("ada", "bob")) {
        Rating rating =
            i % 2 == 0 ? Cases.first(cases.get(i), rater, 1) : Cases.second(cases.get(i), rater, 1);
        said.addAll(Collections.nCopies(1 + random.nextInt(2), rating));
      }
    }
    Collections.shuffle(said, random);
    return said;
  }

  private static void collect(DeskDriver desk, Map<String, List<ScoredRollout>> scored) {
    desk.scored()
        .forEach(
            rollout ->
                scored
                    .computeIfAbsent(rollout.getRollout().getRolloutId(), id -> new ArrayList<>())
                    .add(rollout));
  }

  private static void assertSentOnOnceAndRight(
      List<RatingCase> cases, Map<String, List<ScoredRollout>> scored) {
    assertThat(scored).hasSize(2 * cases.size());
    assertThat(scored.values()).allMatch(copies -> copies.size() == 1);
    for (int i = 0; i < cases.size(); i++) {
      String first = cases.get(i).getRollouts(0).getRollout().getRolloutId();
      assertThat(scored.get(first).get(0).getReward()).isEqualTo(i % 2 == 0 ? 1 : 0);
    }
  }
}
