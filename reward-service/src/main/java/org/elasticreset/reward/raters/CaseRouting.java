package org.elasticreset.reward.raters;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.elasticreset.proto.RatingIds;
import org.elasticreset.proto.RolloutIds;
import org.elasticreset.proto.v1.Purpose;
import org.elasticreset.proto.v1.RatingCase;
import org.elasticreset.proto.v1.ScoredRollout;
import org.elasticreset.rating.ModelScores;
import org.elasticreset.rating.RoutingReason;
import org.elasticreset.rating.RoutingRule;

/**
 * Which of the rollouts that models have scored wait for people. The rollouts of one prompt go the
 * same way, whatever was decided of them before: only the share is drawn, by their id.
 */
public final class CaseRouting {

  /** Apart from the seeds that draw tokens. */
  private static final long DRAW = 0x7261_7465_7273L;

  private final RoutingRule rule;
  private final CaseQuestions questions;

  CaseRouting(RoutingRule rule, CaseQuestions questions) {
    this.rule = rule;
    this.questions = questions;
  }

  /**
   * Where scored rollouts go.
   *
   * @param sentOn with the models' reward
   * @param cases that people are asked about
   */
  public record Routed(List<ScoredRollout> sentOn, List<RatingCase> cases) {
    /** Copies. */
    public Routed {
      sentOn = List.copyOf(sentOn);
      cases = List.copyOf(cases);
    }
  }

  /**
   * Routes a batch.
   *
   * @param deadline of what is asked
   * @param room requests that may be opened; a prompt that has more of them is left to the models
   */
  Routed route(List<ScoredRollout> scored, Instant deadline, long room) {
    Map<String, List<ScoredRollout>> byPrompt = new LinkedHashMap<>();
    for (ScoredRollout rollout : scored) {
      byPrompt
          .computeIfAbsent(rollout.getRollout().getPrompt(), prompt -> new ArrayList<>())
          .add(rollout);
    }
    List<ScoredRollout> sentOn = new ArrayList<>();
    List<RatingCase> cases = new ArrayList<>();
    long left = room;
    for (List<ScoredRollout> ofPrompt : byPrompt.values()) {
      Optional<RatingCase> asked = asked(ofPrompt, deadline);
      if (asked.isPresent() && asked.get().getRequestsCount() <= left) {
        left -= asked.get().getRequestsCount();
        cases.add(asked.get());
      } else {
        sentOn.addAll(ofPrompt);
      }
    }
    return new Routed(sentOn, cases);
  }

  private Optional<RatingCase> asked(List<ScoredRollout> rollouts, Instant deadline) {
    Optional<RoutingReason> reason = reason(rollouts);
    if (reason.isEmpty() || rollouts.get(0).getPurpose() != Purpose.TRAINING) {
      return Optional.empty();
    }
    var first = rollouts.get(0).getRollout();
    RatingCase.Builder asked =
        RatingCase.newBuilder()
            .setRunId(rollouts.get(0).getRunId())
            .setCaseId(RatingIds.caseOf(first.getRolloutId(), first.getPolicyVersion()))
            .setReason(reason.get().name().toLowerCase(Locale.ROOT).replace('_', '-'))
            .addAllRollouts(rollouts);
    asked.addAllRequests(questions.about(asked.getCaseId(), rollouts, deadline));
    return asked.getRequestsCount() == 0 ? Optional.empty() : Optional.of(asked.build());
  }

  /** The first that holds for one of them. */
  private Optional<RoutingReason> reason(List<ScoredRollout> rollouts) {
    double draw =
        (RolloutIds.seed(DRAW, rollouts.get(0).getRollout().getRolloutId()) >>> 11) * 0x1p-53;
    return rollouts.stream()
        .map(rollout -> rule.reason(draw, scores(rollout)))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static ModelScores scores(ScoredRollout rollout) {
    return new ModelScores(
        rollout.getReward(),
        List.copyOf(rollout.getScoresMap().values()),
        rollout.hasJudge() ? Optional.of(rollout.getJudge()) : Optional.empty());
  }
}
