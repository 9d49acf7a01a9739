package org.elasticreset.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.elasticreset.desk.Cases.MODEL;
import static org.elasticreset.desk.Cases.PATIENCE;
import static org.elasticreset.desk.Cases.first;
import static org.elasticreset.desk.Cases.gold;
import static org.elasticreset.desk.Cases.pair;
import static org.elasticreset.desk.Cases.second;
import static org.elasticreset.desk.Cases.skip;
import static org.elasticreset.desk.Cases.withdrawal;
import static org.elasticreset.proto.v1.RatingReceipt.RATING_CLOSED;
import static org.elasticreset.proto.v1.RatingReceipt.RATING_DUPLICATE;
import static org.elasticreset.proto.v1.RatingReceipt.RATING_OUTDATED;
import static org.elasticreset.proto.v1.RatingReceipt.RATING_REFUSED;
import static org.elasticreset.proto.v1.RatingReceipt.RATING_REVISED;
import static org.elasticreset.proto.v1.RatingReceipt.RATING_TAKEN;
import static org.elasticreset.proto.v1.RatingReceipt.RATING_WITHDRAWN;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.streams.test.TestRecord;
import org.elasticreset.proto.v1.RatingAudit;
import org.elasticreset.proto.v1.RatingCase;
import org.elasticreset.proto.v1.RewardFrom;
import org.elasticreset.proto.v1.ScoredRollout;
import org.elasticreset.rating.Fallback;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RatingDeskTopologyTest {

  private static final Duration MOMENT = Duration.ofSeconds(2);

  private static List<Double> rewards(List<ScoredRollout> scored) {
    return scored.stream().map(ScoredRollout::getReward).toList();
  }

  private static String request(RatingCase asked) {
    return asked.getRequests(0).getRequestId();
  }

  @Test
  void aCaseIsSentOnAsSoonAsEnoughPeopleHaveAnswered() {
    try (DeskDriver desk = DeskDriver.with(Fallback.MODEL_SCORE)) {
      RatingCase asked = pair(3, 0, 2);
      desk.open(asked);
      assertThat(desk.requests()).containsExactly(request(asked));

      desk.say(skip(asked, "cid", 1), second(asked, "ada", 1));
      assertThat(desk.scored()).isEmpty();
      assertThat(desk.requests()).isEmpty();
      desk.say(second(asked, "bob", 1));

      List<ScoredRollout> scored = desk.scored();
      assertThat(rewards(scored)).containsExactly(0.0, 1.0);
      assertThat(scored)
          .allSatisfy(
              rollout -> {
                assertThat(rollout.getScoreRevision()).isEqualTo(1);
                assertThat(rollout.getRewardSource().getFrom())
                    .isEqualTo(RewardFrom.REWARD_FROM_PEOPLE);
                assertThat(rollout.getRewardSource().getRequestIdsList())
                    .containsExactly(request(asked));
                assertThat(rollout.getScoresMap()).containsEntry("classifier", MODEL);
                assertThat(rollout.getScoresMap())
                    .containsEntry(CaseRewards.PEOPLE, rollout.getReward());
              });
      assertThat(desk.requests()).containsExactly("-" + request(asked));
      assertThat(desk.receipts()).containsExactly(RATING_TAKEN, RATING_TAKEN, RATING_TAKEN);
    }
  }

  @ParameterizedTest
  @EnumSource
  void atItsDeadlineWhatTheRunSaysStandsIn(Fallback fallback) {
    try (DeskDriver desk = DeskDriver.with(fallback)) {
      RatingCase silent = pair(3, 0, 2);
      RatingCase half = pair(3, 1, 2);
      desk.open(silent, half);
      desk.say(first(half, "ada", 1));
      desk.requests();
      desk.pass(PATIENCE.minusSeconds(2));
      assertThat(desk.scored()).isEmpty();
      desk.pass(Duration.ofSeconds(4));

      List<ScoredRollout> scored = desk.scored();
      List<RewardFrom> from = scored.stream().map(r -> r.getRewardSource().getFrom()).toList();
      switch (fallback) {
        case MODEL_SCORE -> {
          assertThat(rewards(scored)).containsExactly(MODEL, MODEL, MODEL, MODEL);
          assertThat(from).containsOnly(RewardFrom.REWARD_FROM_FALLBACK);
        }
        case ANSWERS_SO_FAR -> {
          assertThat(rewards(scored)).containsExactly(MODEL, MODEL, 1.0, 0.0);
          assertThat(from)
              .containsExactly(
                  RewardFrom.REWARD_FROM_FALLBACK,
                  RewardFrom.REWARD_FROM_FALLBACK,
                  RewardFrom.REWARD_FROM_PEOPLE,
                  RewardFrom.REWARD_FROM_PEOPLE);
        }
        case READMIT, WAIT -> assertThat(scored).isEmpty();
      }
      if (fallback == Fallback.WAIT) {
        assertThat(desk.requests()).isEmpty();
        desk.say(first(half, "bob", 1));
        assertThat(rewards(desk.scored())).containsExactly(1.0, 0.0);
      } else {
        assertThat(desk.requests()).containsExactly("-" + request(silent), "-" + request(half));
      }
    }
  }

  @Test
  void whoAnswersAfterTheFallbackStillCountsWhileTheStepIsOpen() {
    try (DeskDriver desk = DeskDriver.with(Fallback.MODEL_SCORE)) {
      RatingCase asked = pair(3, 0, 1);
      desk.open(asked);
      desk.pass(PATIENCE.plus(MOMENT));
      assertThat(rewards(desk.scored())).containsExactly(MODEL, MODEL);
      desk.pass(PATIENCE);
      desk.say(first(asked, "ada", 1));

      List<ScoredRollout> scored = desk.scored();
      assertThat(rewards(scored)).containsExactly(1.0, 0.0);
      assertThat(scored).extracting(ScoredRollout::getScoreRevision).containsOnly(2L);
    }
  }

  @Test
  void whatIsDroppedIsAskedAgainWhenItComesAgain() {
    try (DeskDriver desk = DeskDriver.with(Fallback.READMIT)) {
      RatingCase asked = pair(3, 0, 1);
      desk.open(asked);
      desk.pass(PATIENCE.plus(MOMENT));
      desk.say(first(asked, "ada", 1));
      assertThat(desk.receipts()).containsExactly(RATING_CLOSED);
      desk.requests();

      RatingCase.Builder again = asked.toBuilder();
      again.getRequestsBuilder(0).setDeadlineMillis(asked.getRequests(0).getDeadlineMillis() * 2);
      desk.open(again.build());
      desk.say(first(asked, "ada", 1));

      assertThat(rewards(desk.scored())).containsExactly(1.0, 0.0);
      assertThat(desk.requests()).containsExactly(request(asked), "-" + request(asked));
    }
  }

  @Test
  void aRevisionThatChangesTheOutcomeSendsAHigherScoreRevision() {
    try (DeskDriver desk = DeskDriver.with(Fallback.WAIT)) {
      RatingCase asked = pair(3, 0, 1);
      desk.open(asked);
      desk.say(first(asked, "ada", 1));
      assertThat(rewards(desk.scored())).containsExactly(1.0, 0.0);

      desk.say(first(asked, "ada", 2));
      assertThat(desk.scored()).as("nothing has changed").isEmpty();
      desk.say(second(asked, "ada", 3));

      List<ScoredRollout> scored = desk.scored();
      assertThat(rewards(scored)).containsExactly(0.0, 1.0);
      assertThat(scored).extracting(ScoredRollout::getScoreRevision).containsOnly(2L);
      assertThat(desk.receipts()).containsExactly(RATING_TAKEN, RATING_REVISED, RATING_REVISED);
    }
  }

  @Test
  void whatIsTakenBackIsAskedAgainAndModelsStandInMeanwhile() {
    try (DeskDriver desk = DeskDriver.with(Fallback.MODEL_SCORE)) {
      RatingCase asked = pair(3, 0, 1);
      desk.open(asked);
      desk.say(first(asked, "ada", 1));
      desk.scored();
      desk.requests();

      desk.say(withdrawal(asked, "ada", 2));

      List<ScoredRollout> scored = desk.scored();
      assertThat(rewards(scored)).containsExactly(MODEL, MODEL);
      assertThat(scored).extracting(ScoredRollout::getScoreRevision).containsOnly(2L);
      assertThat(desk.requests()).containsExactly(request(asked));
      desk.say(first(asked, "bob", 1));
      assertThat(rewards(desk.scored())).containsExactly(1.0, 0.0);
      desk.say(withdrawal(asked, "bob", 2));
      assertThat(rewards(desk.scored())).containsExactly(MODEL, MODEL);
      desk.pass(PATIENCE.plus(MOMENT));
      assertThat(desk.scored()).as("as it was").isEmpty();
      assertThat(desk.receipts())
          .containsExactly(RATING_TAKEN, RATING_WITHDRAWN, RATING_TAKEN, RATING_WITHDRAWN);
    }
  }

  @Test
  void copiesAndWhatWasOvertakenChangeNothing() {
    try (DeskDriver desk = DeskDriver.with(Fallback.WAIT)) {
      RatingCase asked = pair(3, 0, 2);
      desk.open(asked);
      desk.open(asked);
      desk.say(second(asked, "ada", 2), second(asked, "ada", 2), first(asked, "ada", 1));
      assertThat(desk.receipts()).containsExactly(RATING_TAKEN, RATING_DUPLICATE, RATING_OUTDATED);
      desk.say(second(asked, "bob", 1));
      assertThat(rewards(desk.scored())).containsExactly(0.0, 1.0);

      desk.open(asked);
      assertThat(desk.scored()).isEmpty();
      assertThat(desk.requests()).containsExactly(request(asked), "-" + request(asked));
    }
  }

  @Test
  void whenItsStepIsTrainedOnACaseIsClosedAndKnownForAWhile() {
    try (DeskDriver desk = DeskDriver.with(Fallback.WAIT)) {
      RatingCase trained = pair(3, 0, 1);
      RatingCase discarded = pair(4, 0, 1);
      RatingCase later = pair(5, 0, 1);
      desk.open(trained, discarded, later);
      desk.say(first(trained, "ada", 1), first(discarded, "ada", 1));
      desk.scored();
      desk.receipts();
      desk.requests();

      desk.trained(3);
      desk.discarded(4);
      desk.pass(MOMENT);
      desk.open(trained);
      desk.say(second(trained, "ada", 2), second(discarded, "ada", 2), first(later, "ada", 1));

      assertThat(desk.receipts()).containsExactly(RATING_CLOSED, RATING_CLOSED, RATING_TAKEN);
      assertThat(desk.scored()).extracting(ScoredRollout::getTargetStep).containsOnly(5L);
      assertThat(desk.requests()).containsExactly("-" + request(later));
      assertThat(desk.size(DeskStores.CASES)).isEqualTo(1);
      assertThat(desk.size(DeskStores.ENDED)).isEqualTo(2);

      desk.pass(Duration.ofHours(25));
      assertThat(desk.size(DeskStores.ENDED)).isZero();
    }
  }

  @Test
  void aLearnerThatWentBackIsAskedForAgain() {
    try (DeskDriver desk = DeskDriver.with(Fallback.WAIT)) {
      desk.trained(3);
      desk.trained(4);
      RatingCase again = pair(4, 0, 1);
      desk.open(again);
      desk.pass(MOMENT);
      desk.trained(3);
      desk.pass(MOMENT);
      desk.say(first(again, "ada", 1));
      assertThat(rewards(desk.scored())).containsExactly(1.0, 0.0);

      desk.trained(4);
      desk.pass(MOMENT);
      assertThat(desk.size(DeskStores.OPEN)).isZero();
    }
  }

  @Test
  void whoIsMutedStopsCountingInWhatIsOpen() {
    try (DeskDriver desk = DeskDriver.with(Fallback.WAIT)) {
      RatingCase decided = pair(3, 0, 2);
      RatingCase open = pair(3, 1, 2);
      desk.open(decided, open);
      desk.say(second(decided, "eve", 1), first(decided, "ada", 1), second(open, "eve", 1));
      assertThat(rewards(desk.scored())).containsExactly(0.5, 0.5);
      desk.requests();

      for (int i = 0; i < 5; i++) {
        RatingCase gold = gold("gold-" + i);
        desk.open(gold);
        desk.say(second(gold, "eve", 1), first(gold, "ada", 1));
      }
      var raters = desk.raters();
      assertThat(raters.get("ada").getMuted()).isFalse();
      assertThat(raters.get("eve").getMuted()).isTrue();
      desk.requests();
      desk.pass(MOMENT);
      assertThat(desk.requests()).as("asked again").containsExactly(request(decided));
      assertThat(rewards(desk.scored())).as("without eve").containsExactly(MODEL, MODEL);
      desk.say(first(decided, "bob", 1), first(open, "ada", 1));

      List<ScoredRollout> scored = desk.scored();
      assertThat(rewards(scored)).containsExactly(1.0, 0.0);
      assertThat(scored).extracting(ScoredRollout::getScoreRevision).containsOnly(3L);
      desk.say(first(open, "bob", 1));
      assertThat(rewards(desk.scored())).containsExactly(1.0, 0.0);
    }
  }

  @Test
  void goldIsCountedOnceForEachRaterHoweverOftenTheyThinkAgain() {
    try (DeskDriver desk = DeskDriver.with(Fallback.WAIT)) {
      RatingCase gold = gold("gold-0");
      desk.open(gold);
      desk.say(
          second(gold, "ada", 1),
          second(gold, "ada", 1),
          first(gold, "ada", 2),
          first(gold, "bob", 1),
          withdrawal(gold, "bob", 2),
          skip(gold, "cid", 1));

      var raters = desk.raters();
      assertThat(raters.get("ada").getRight()).isEqualTo(1);
      assertThat(raters.get("ada").getWrong()).isZero();
      assertThat(raters.get("bob").getRight()).isZero();
      assertThat(raters.get("cid").getWrong()).isZero();
      desk.requests();
      desk.pass(PATIENCE.plus(MOMENT));
      assertThat(desk.requests()).containsExactly("-" + request(gold));
      assertThat(desk.scored()).isEmpty();
      assertThat(desk.size(DeskStores.OPEN)).isZero();
    }
  }

  @Test
  void whatCannotBeUsedGoesToTheDeadLettersAndTheDeskGoesOn() {
    try (DeskDriver desk = DeskDriver.with(Fallback.WAIT)) {
      byte[] garbage = "not protobuf".getBytes(StandardCharsets.UTF_8);
      RatingCase asked = pair(3, 0, 1);
      desk.openBytes("key", garbage);
      desk.openBytes("key", asked.toByteArray());
      desk.open(asked.toBuilder().clearRollouts().build());
      desk.sayBytes(garbage);
      desk.say(first(asked, "ada", 1));
      desk.open(asked);
      desk.say(
          first(asked, "ada", 1).toBuilder().setThumbUp(true).build(),
          first(asked, "ada", 1).toBuilder().setRequestId("no request").build(),
          first(asked, "ada", 1).toBuilder().setRunId("another-run").build());

      List<TestRecord<byte[], byte[]>> dead = desk.dead();
      assertThat(dead)
          .extracting(record -> header(record, "dead-letter-reason"))
          .satisfiesExactly(
              reason -> assertThat(reason).contains("expected: a RatingCase"),
              reason ->
                  assertThat(reason)
                      .isEqualTo("case_id: " + asked.getCaseId() + " (expected: key, the key)"),
              reason -> assertThat(reason).isEqualTo("rollouts: none (expected: at least one)"),
              reason -> assertThat(reason).contains("expected: a Rating of"),
              reason -> assertThat(reason).contains("expected: a request on test-run.rating-req"),
              reason -> assertThat(reason).startsWith("answer: Thumb[up=true]"),
              reason -> assertThat(reason).startsWith("request_id: 'no request'"),
              reason -> assertThat(reason).isEqualTo("run_id: another-run (expected: test-run)"));
      assertThat(dead.get(4).value()).isEqualTo(first(asked, "ada", 1).toByteArray());
      assertThat(header(dead.get(4), "dead-letter-topic")).isEqualTo("test-run.ratings");
      assertThat(header(dead.get(4), "dead-letter-offset")).isEqualTo("1");

      List<RatingAudit> audit = desk.audit();
      assertThat(audit).extracting(RatingAudit::getReceipt).containsOnly(RATING_REFUSED);
      assertThat(audit).allMatch(entry -> entry.getReason().contains("expected"));
      assertThat(audit)
          .extracting(RatingAudit::getRaterId)
          .as("of one that cannot be read nothing is known")
          .containsExactly("", "ada", "ada", "ada", "ada");
      desk.say(first(asked, "ada", 1));
      assertThat(rewards(desk.scored())).containsExactly(1.0, 0.0);
    }
  }

  private static String header(TestRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
