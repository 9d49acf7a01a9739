package org.elasticreset.rating;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.elasticreset.rating.Outcome.Decided;
import org.elasticreset.rating.Outcome.Dropped;
import org.elasticreset.rating.Outcome.ModelDecides;
import org.elasticreset.rating.Outcome.Open;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DecisionTest {

  private static final Instant BEFORE = Requests.DEADLINE.minusSeconds(1);
  private static final Decision MAJORITY = new Decision(Aggregation.MAJORITY, rater -> 1, Set.of());

  private static RatedRequest rated(RatingRequest request, Answer... answers) {
    RatedRequest rated = RatedRequest.open(request);
    for (int i = 0; i < answers.length; i++) {
      rated = rated.with(Requests.rating(request.id(), "rater-" + i, 1, answers[i]));
    }
    return rated;
  }

  @Test
  void enoughAnswersDecideBeforeTheDeadline() {
    RatedRequest rated =
        rated(
            Requests.pair("q", 3),
            Answer.Ranks.first(),
            Answer.Ranks.second(),
            Answer.Ranks.first());
    assertThat(MAJORITY.of(rated, BEFORE))
        .isEqualTo(new Decided(List.of(1.0, 0.0), List.of("rater-0", "rater-1", "rater-2")));
  }

  @Test
  void aSkipIsNotWaitedForAndDoesNotCount() {
    RatedRequest rated = rated(Requests.pair("q", 2), new Answer.Skip(), Answer.Ranks.first());
    assertThat(MAJORITY.of(rated, BEFORE)).isEqualTo(new Open(1));
  }

  @Test
  void whoIsMutedDoesNotCount() {
    RatedRequest rated = rated(Requests.pair("q", 1), Answer.Ranks.first(), Answer.Ranks.second());
    Decision decision = new Decision(Aggregation.MAJORITY, rater -> 1, Set.of("rater-0"));
    assertThat(decision.of(rated, BEFORE))
        .isEqualTo(new Decided(List.of(0.0, 1.0), List.of("rater-1")));
  }

  @ParameterizedTest
  @EnumSource
  void atTheDeadlineTheFallbackStandsIn(Fallback fallback) {
    RatedRequest silent = rated(Requests.of("q", new Question.Order(2), 2, fallback));
    RatedRequest half =
        rated(Requests.of("q", new Question.Order(2), 2, fallback), Answer.Ranks.second());
    Outcome ofSilence = MAJORITY.of(silent, Requests.DEADLINE);
    Outcome ofHalf = MAJORITY.of(half, Requests.DEADLINE);
    switch (fallback) {
      case MODEL_SCORE -> {
        assertThat(ofSilence).isEqualTo(new ModelDecides());
        assertThat(ofHalf).isEqualTo(new ModelDecides());
      }
      case ANSWERS_SO_FAR -> {
        assertThat(ofSilence).isEqualTo(new ModelDecides());
        assertThat(ofHalf).isEqualTo(new Decided(List.of(0.0, 1.0), List.of("rater-0")));
      }
      case READMIT -> {
        assertThat(ofSilence).isEqualTo(new Dropped());
        assertThat(ofHalf).isEqualTo(new Dropped());
      }
      case WAIT -> {
        assertThat(ofSilence).isEqualTo(new Open(2));
        assertThat(ofHalf).isEqualTo(new Open(1));
      }
    }
  }

  @Test
  void weightsMoveAMeanAndNoMedian() {
    RatedRequest rated =
        rated(
            Requests.of("q", new Question.Scale(1, 5), 3, Fallback.WAIT),
            new Answer.Mark(5),
            new Answer.Mark(1),
            new Answer.Mark(3));
    Decision weighted =
        new Decision(Aggregation.WEIGHTED, rater -> rater.equals("rater-0") ? 2 : 1, Set.of());
    // (2 · 1 + 0 + ½) / 4
    assertThat(((Decided) weighted.of(rated, BEFORE)).values()).containsExactly(0.625);
    assertThat(((Decided) MAJORITY.of(rated, BEFORE)).values()).containsExactly(0.5);
  }

  @Test
  void aRankingIsWorthItsWinRates() {
    RatedRequest rated =
        rated(
            Requests.of("q", new Question.Order(3), 1, Fallback.WAIT),
            new Answer.Ranks(List.of(2, 1, 2)));
    assertThat(((Decided) MAJORITY.of(rated, BEFORE)).values()).containsExactly(0.25, 1.0, 0.25);
  }
}
