package org.elasticreset.rating.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.elasticreset.proto.v1.Ranks;
import org.elasticreset.proto.v1.Rating;
import org.elasticreset.proto.v1.RatingRequest;
import org.elasticreset.proto.v1.Skip;
import org.elasticreset.proto.v1.ThumbsQuestion;
import org.elasticreset.proto.v1.Withdrawal;
import org.elasticreset.rating.tools.PreferenceExport.Exported;
import org.elasticreset.rating.tools.PreferenceExport.Rows;
import org.junit.jupiter.api.Test;

final class PreferenceExportTest {

  private static final RatingRequest PAIR = Asked.order("a#0", "42", "about 40");
  private static final PreferenceExport MAJORITY = new PreferenceExport(Rows.MAJORITY, Set.of());
  private static final PreferenceExport EACH = new PreferenceExport(Rows.EACH_RATER, Set.of());

  @Test
  void mostOfThoseWhoPreferEitherDecideTheRow() {
    var exported =
        of(MAJORITY, rating("ada", 1, 1, 2), rating("bo", 1, 2, 1), rating("cy", 1, 1, 2));
    var row = exported.preferences().get(0);
    assertThat(exported.preferences()).hasSize(1);
    assertThat(row.prompt()).isEqualTo("What is 6 × 7?");
    assertThat(row.chosen()).isEqualTo("42");
    assertThat(row.rejected()).isEqualTo("about 40");
    assertThat(row.origin())
        .contains(new Preference.Origin("run-1", "a#0", 17, List.of("ada", "cy"), 1));
    assertThat(of(MAJORITY, rating("ada", 1, 2, 1)).preferences().get(0).chosen())
        .isEqualTo("about 40");
  }

  @Test
  void aTieIsLeftOutAndCounted() {
    var split = of(MAJORITY, rating("ada", 1, 1, 2), rating("bo", 1, 2, 1));
    assertThat(split.preferences()).isEmpty();
    assertThat(split.ties()).isEqualTo(1);
    var tied = of(MAJORITY, rating("ada", 1, 1, 1), rating("bo", 1, 1, 2));
    assertThat(tied.preferences()).hasSize(1);
    assertThat(tied.ties()).isZero();
    assertThat(of(EACH, rating("ada", 1, 1, 1), rating("bo", 1, 1, 2)).ties()).isEqualTo(1);
  }

  @Test
  void ofTwoResponsesThatAreTheSameNeitherIsPreferred() {
    var same = List.of(Asked.order("a#0", "42", "42"));
    var ratings = List.of(rating("ada", 1, 1, 2), rating("bo", 1, 1, 2));
    assertThat(MAJORITY.of(same, ratings)).isEqualTo(new Exported(List.of(), 1, 0, 0));
    assertThat(EACH.of(same, ratings)).isEqualTo(new Exported(List.of(), 2, 0, 0));
  }

  @Test
  void eachRaterMayHaveARow() {
    var rows = of(EACH, rating("ada", 1, 1, 2), rating("bo", 1, 2, 1)).preferences();
    assertThat(rows).extracting(Preference::chosen).containsExactly("42", "about 40");
    assertThat(rows)
        .extracting(row -> row.origin().orElseThrow().raters())
        .containsExactly(List.of("ada"), List.of("bo"));
  }

  @Test
  void theNewestOfARaterCountsInWhateverOrder() {
    var withdrawn =
        rating("ada", 3, 1, 2).toBuilder().setWithdrawal(Withdrawal.getDefaultInstance()).build();
    assertThat(of(EACH, rating("ada", 2, 2, 1), rating("ada", 1, 1, 2)).preferences())
        .extracting(Preference::chosen)
        .containsExactly("about 40");
    var exported = of(EACH, withdrawn, rating("ada", 2, 2, 1));
    assertThat(exported.preferences()).isEmpty();
    assertThat(exported.unanswered()).isEqualTo(1);
  }

  @Test
  void whoSkipsOrIsMutedDoesNotCount() {
    var skipped = rating("bo", 1, 1, 2).toBuilder().setSkip(Skip.getDefaultInstance()).build();
    var exported =
        of(new PreferenceExport(Rows.EACH_RATER, Set.of("ada")), rating("ada", 1, 1, 2), skipped);
    assertThat(exported.preferences()).isEmpty();
    assertThat(exported.unanswered()).isEqualTo(1);
    assertThat(exported.unusable()).isZero();
  }

  @Test
  void aRankingIsItsPairs() {
    var request = Asked.order("a#0", "x", "y", "z");
    var ranks = rating("ada", 1, 1, 3).toBuilder().setRanks(ranks(2, 1, 2)).build();
    var exported = MAJORITY.of(List.of(request), List.of(ranks));
    assertThat(exported.preferences())
        .extracting(row -> row.chosen() + ">" + row.rejected())
        .containsExactly("y>x", "y>z");
    assertThat(exported.ties()).isEqualTo(1);
  }

  @Test
  void whatCannotBeUsedIsCounted() {
    var elsewhere = rating("ada", 1, 1, 2).toBuilder().setRequestId("b#0").build();
    var three = rating("bo", 1, 1, 2).toBuilder().setRanks(ranks(1, 2, 3)).build();
    var thumb = rating("cy", 1, 1, 2).toBuilder().setThumbUp(true).build();
    assertThat(of(EACH, elsewhere, three, thumb).unusable()).isEqualTo(3);
  }

  @Test
  void aQuestionWithoutOrderHasNoPairs() {
    var thumbs = PAIR.toBuilder().setThumbs(ThumbsQuestion.getDefaultInstance()).build();
    var thumb = rating("cy", 1, 1, 2).toBuilder().setThumbUp(true).build();
    assertThat(EACH.of(List.of(thumbs), List.of(thumb)))
        .isEqualTo(new Exported(List.of(), 0, 0, 0));
  }

  private static Exported of(PreferenceExport export, Rating... ratings) {
    return export.of(List.of(PAIR), List.of(ratings));
  }

  private static Rating rating(String rater, long revision, int first, int second) {
    return Rating.newBuilder()
        .setRunId("run-1")
        .setRequestId("a#0")
        .setRaterId(rater)
        .setRevision(revision)
        .setRanks(ranks(first, second))
        .build();
  }

  private static Ranks ranks(int... ranks) {
    var all = Ranks.newBuilder();
    for (int rank : ranks) {
      all.addRanks(rank);
    }
    return all.build();
  }
}
