package org.elasticreset.reward.raters;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.elasticreset.proto.v1.Candidate;
import org.elasticreset.proto.v1.Purpose;
import org.elasticreset.proto.v1.RatingCase;
import org.elasticreset.proto.v1.Rollout;
import org.elasticreset.proto.v1.ScoredRollout;
import org.elasticreset.rating.RoutingRule;
import org.elasticreset.reward.raters.CaseRouting.Routed;
import org.junit.jupiter.api.Test;

class CaseRoutingTest {

  private static final Instant DEADLINE = Instant.ofEpochMilli(1_000_000);
  private static final RoutingRule EVERYBODY =
      new RoutingRule(1, 0, Optional.empty(), Optional.empty());
  private static final RoutingRule NOBODY =
      new RoutingRule(0, 0, Optional.empty(), Optional.empty());

  @Test
  void responsesToOnePromptAreOneQuestion() {
    Routed routed =
        routing(EVERYBODY, QuestionKind.ORDER)
            .route(
                List.of(
                    scored("b/0", "one", "good", 0.2),
                    scored("b/1", "two", "bad", 0.2),
                    scored("b/2", "one", "sad", 0.2),
                    scored("b/3", "two", "worse", 0.2)),
                DEADLINE,
                10);

    assertThat(routed.sentOn()).isEmpty();
    assertThat(routed.cases()).extracting(RatingCase::getCaseId).containsExactly("b/0@7", "b/1@7");
    RatingCase first = routed.cases().get(0);
    assertThat(first.getReason()).isEqualTo("share");
    assertThat(first.getRolloutsList()).hasSize(2);
    assertThat(first.getRequestsList())
        .singleElement()
        .satisfies(
            request -> {
              assertThat(request.getRequestId()).isEqualTo("b/0@7#0");
              assertThat(request.getCandidatesList())
                  .extracting(Candidate::getText)
                  .containsExactly("good", "sad");
              assertThat(request.getDeadlineMillis()).isEqualTo(1_000_000);
              assertThat(request.getOverlap()).isEqualTo(2);
              assertThat(request.getPolicyVersion()).isEqualTo(7);
              assertThat(request.getTargetStep()).isEqualTo(3);
            });
  }

  @Test
  void whatCannotBeComparedIsLeftToTheModels() {
    List<ScoredRollout> alone =
        List.of(
            scored("b/0", "one", "good", 0.2),
            scored("b/1", "two", "same", 0.2),
            scored("b/2", "two", "same", 0.2));

    Routed routed = routing(EVERYBODY, QuestionKind.ORDER).route(alone, DEADLINE, 10);

    assertThat(routed.cases()).isEmpty();
    assertThat(routed.sentOn()).isEqualTo(alone);
  }

  @Test
  void marksAreAskedOfEachResponse() {
    Routed routed =
        routing(EVERYBODY, QuestionKind.SCALE)
            .route(
                List.of(scored("b/0", "one", "good", 0.2), scored("b/1", "one", "sad", 0.2)),
                DEADLINE,
                10);

    assertThat(routed.cases().get(0).getRequestsList())
        .hasSize(2)
        .allSatisfy(request -> assertThat(request.getScale().getBest()).isEqualTo(5))
        .allSatisfy(request -> assertThat(request.getCandidatesList()).hasSize(1));
  }

  @Test
  void oneUnsureScoreIsAReasonForItsWholePrompt() {
    var unsure = new RoutingRule(0, 0.1, Optional.empty(), Optional.empty());

    Routed routed =
        routing(unsure, QuestionKind.ORDER)
            .route(
                List.of(
                    scored("b/0", "one", "good", 0.9),
                    scored("b/1", "one", "sad", 0.45),
                    scored("b/2", "two", "good", 0.9),
                    scored("b/3", "two", "sad", 0.1)),
                DEADLINE,
                10);

    assertThat(routed.cases())
        .singleElement()
        .satisfies(
            asked -> {
              assertThat(asked.getCaseId()).isEqualTo("b/0@7");
              assertThat(asked.getReason()).isEqualTo("uncertain");
            });
    assertThat(routed.sentOn()).hasSize(2);
  }

  @Test
  void nobodyIsAskedAboutAnEvaluation() {
    ScoredRollout evaluation =
        scored("b/0", "one", "good", 0.2).toBuilder().setPurpose(Purpose.EVALUATION).build();

    Routed routed =
        routing(EVERYBODY, QuestionKind.THUMBS).route(List.of(evaluation), DEADLINE, 10);

    assertThat(routed.sentOn()).containsExactly(evaluation);
  }

  @Test
  void whatThereIsNoRoomForIsLeftToTheModels() {
    List<ScoredRollout> three =
        List.of(
            scored("b/0", "one", "good", 0.2),
            scored("b/1", "two", "good", 0.2),
            scored("b/2", "three", "good", 0.2));

    Routed routed = routing(EVERYBODY, QuestionKind.THUMBS).route(three, DEADLINE, 2);

    assertThat(routed.cases()).hasSize(2);
    assertThat(routed.sentOn()).containsExactly(three.get(2));
  }

  @Test
  void shareIsOfPromptsAndTheSameEachTime() {
    var share = new RoutingRule(0.25, 0, Optional.empty(), Optional.empty());
    List<ScoredRollout> many = new ArrayList<>();
    for (int i = 0; i < 4_000; i++) {
      many.add(scored("train-" + i + "-0/0", "prompt " + i, "good", 0.2));
    }
    List<ScoredRollout> again = new ArrayList<>(many);
    Collections.shuffle(again, new Random(1));

    Routed routed = routing(share, QuestionKind.THUMBS).route(many, DEADLINE, 4_000);
    Routed second = routing(share, QuestionKind.THUMBS).route(again, DEADLINE, 4_000);

    // Four standard errors of a share of 4,000.
    assertThat(routed.cases().size()).isBetween(1_000 - 110, 1_000 + 110);
    assertThat(second.cases()).containsExactlyInAnyOrderElementsOf(routed.cases());
  }

  @Test
  void everyRolloutGoesOneWay() {
    List<ScoredRollout> some = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      some.add(scored("train-1-0/" + i, "prompt " + i / 2, "text " + i, (i % 10) / 10.0));
    }

    Routed routed =
        routing(new RoutingRule(0.3, 0.2, Optional.empty(), Optional.empty()), QuestionKind.ORDER)
            .route(some, DEADLINE, 40);

    List<ScoredRollout> all = new ArrayList<>(routed.sentOn());
    routed.cases().forEach(asked -> all.addAll(asked.getRolloutsList()));
    assertThat(all).containsExactlyInAnyOrderElementsOf(some);
    assertThat(routed.cases()).hasSize(40);
  }

  @Test
  void withoutAReasonNobodyIsAsked() {
    Routed routed =
        routing(NOBODY, QuestionKind.THUMBS)
            .route(List.of(scored("b/0", "one", "good", 0.5)), DEADLINE, 10);

    assertThat(routed.cases()).isEmpty();
  }

  private static CaseRouting routing(RoutingRule rule, QuestionKind kind) {
    return new CaseRouting(rule, new CaseQuestions(kind, 1, 5, 2, "Be kind."));
  }

  private static ScoredRollout scored(String id, String prompt, String response, double reward) {
    return ScoredRollout.newBuilder()
        .setRunId("test-run")
        .setPurpose(Purpose.TRAINING)
        .setTargetStep(3)
        .setReward(reward)
        .putScores("sentiment", reward)
        .setRollout(
            Rollout.newBuilder()
                .setRolloutId(id)
                .setPrompt(prompt)
                .setResponse(response)
                .setPolicyVersion(7))
        .build();
  }
}
