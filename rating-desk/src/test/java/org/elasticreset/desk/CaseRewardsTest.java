package org.elasticreset.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.elasticreset.proto.v1.RatingCase;
import org.elasticreset.proto.v1.RewardFrom;
import org.elasticreset.proto.v1.ScoredRollout;
import org.elasticreset.rating.Outcome;
import org.elasticreset.rating.Outcome.Decided;
import org.elasticreset.rating.Outcome.ModelDecides;
import org.junit.jupiter.api.Test;

class CaseRewardsTest {

  private static final RatingCase PAIR = Cases.pair(3, 0, 1);
  private static final String FIRST = PAIR.getRollouts(0).getRollout().getRolloutId();

  /** The pair once more, and the first by itself. */
  private static final RatingCase THREE_TIMES =
      PAIR.toBuilder()
          .addRequests(
              PAIR.getRequests(0).toBuilder().setRequestId(PAIR.getCaseId() + "#1").build())
          .addRequests(Cases.order(PAIR.getCaseId(), 2, 1, FIRST))
          .build();

  private static Outcome decided(Double... values) {
    return new Decided(List.of(values), List.of("ada"));
  }

  private static List<ScoredRollout> replaced(Outcome... outcomes) {
    return new CaseRewards(new RewardCombination.Replace()).of(THREE_TIMES, List.of(outcomes), 4);
  }

  @Test
  void aRolloutEarnsTheMeanOfWhatDecidedRequestsGiveIt() {
    List<ScoredRollout> scored = replaced(decided(1.0, 0.0), new ModelDecides(), decided(0.5));
    assertThat(scored).extracting(ScoredRollout::getReward).containsExactly(0.75, 0.0);
    assertThat(scored).extracting(ScoredRollout::getScoreRevision).containsOnly(4L);
    assertThat(scored.get(0).getRewardSource().getRequestIdsCount()).isEqualTo(3);
    assertThat(scored.get(1).getRewardSource().getRequestIdsCount()).isEqualTo(2);
  }

  @Test
  void whereNothingWasDecidedTheModelsScoreStays() {
    List<ScoredRollout> scored = replaced(new ModelDecides(), new ModelDecides(), decided(0.5));
    assertThat(scored).extracting(ScoredRollout::getReward).containsExactly(0.5, Cases.MODEL);
    assertThat(scored)
        .extracting(rollout -> rollout.getRewardSource().getFrom())
        .containsExactly(RewardFrom.REWARD_FROM_PEOPLE, RewardFrom.REWARD_FROM_FALLBACK);
  }

  @Test
  void whomNobodyAsksAboutKeepsTheModelsScore() {
    RatingCase aboutOne = PAIR.toBuilder().setRequests(0, THREE_TIMES.getRequests(2)).build();
    List<ScoredRollout> scored =
        new CaseRewards(new RewardCombination.Replace()).of(aboutOne, List.of(decided(1.0)), 1);
    assertThat(scored.get(1).getReward()).isEqualTo(Cases.MODEL);
    assertThat(scored.get(1).getRewardSource().getFrom()).isEqualTo(RewardFrom.REWARD_FROM_MODEL);
  }

  @Test
  void peopleMayBeAddedToTheModels() {
    var added = new RewardCombination.AddWeighted(2);
    assertThat(added.of(0.25, 1)).isEqualTo(1.25);
    assertThat(added.of(0.25, 0)).isEqualTo(-0.75);
    assertThat(added.of(0.25, 0.5)).as("being asked about is worth nothing").isEqualTo(0.25);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RewardCombination.AddWeighted(Double.NaN))
        .withMessage("weight: NaN (expected: a finite number)");
  }
}
