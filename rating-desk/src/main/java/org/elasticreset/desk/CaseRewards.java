package org.elasticreset.desk;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.elasticreset.proto.v1.RatingCase;
import org.elasticreset.proto.v1.RatingRequest;
import org.elasticreset.proto.v1.RewardFrom;
import org.elasticreset.proto.v1.RewardSource;
import org.elasticreset.proto.v1.ScoredRollout;
import org.elasticreset.rating.Outcome;
import org.elasticreset.rating.Outcome.Decided;

/**
 * What the rollouts of a case earn, from what became of its requests: the mean of the values that
 * decided requests give a rollout. Where none of those that ask about it was decided, and where
 * none asks, the models' score stays.
 */
final class CaseRewards {

  /** Name of what people say, among the scores of a rollout. */
  static final String PEOPLE = "people";

  private final RewardCombination combination;

  CaseRewards(RewardCombination combination) {
    this.combination = combination;
  }

  /**
   * The rollouts of a case with their rewards, in its order.
   *
   * @param outcomes of its requests, in their order
   * @param revision of the scores
   */
  List<ScoredRollout> of(RatingCase asked, List<Outcome> outcomes, long revision) {
    return asked.getRolloutsList().stream()
        .map(rollout -> of(rollout, asked, outcomes).setScoreRevision(revision).build())
        .toList();
  }

  private ScoredRollout.Builder of(
      ScoredRollout rollout, RatingCase asked, List<Outcome> outcomes) {
    String id = rollout.getRollout().getRolloutId();
    RewardSource.Builder source = RewardSource.newBuilder();
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < outcomes.size(); i++) {
      RatingRequest request = asked.getRequests(i);
      for (int c = 0; c < request.getCandidatesCount(); c++) {
        if (request.getCandidates(c).getRolloutId().equals(id)) {
          source.addRequestIds(request.getRequestId());
          if (outcomes.get(i) instanceof Decided decided) {
            values.add(decided.values().get(c));
          }
        }
      }
    }
    ScoredRollout.Builder scored = rollout.toBuilder();
    OptionalDouble people = values.stream().mapToDouble(Double::doubleValue).average();
    if (people.isPresent()) {
      source.setFrom(RewardFrom.REWARD_FROM_PEOPLE);
      scored.setReward(combination.of(rollout.getReward(), people.getAsDouble()));
      scored.putScores(PEOPLE, people.getAsDouble());
    } else if (source.getRequestIdsCount() > 0) {
      source.setFrom(RewardFrom.REWARD_FROM_FALLBACK);
    }
    return scored.setRewardSource(source);
  }
}
