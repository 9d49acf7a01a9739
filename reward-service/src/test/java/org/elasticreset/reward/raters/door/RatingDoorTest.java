package org.elasticreset.reward.raters.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.elasticreset.proto.v1.Ranks;
import org.elasticreset.proto.v1.RaterRecord;
import org.elasticreset.proto.v1.Rating;
import org.elasticreset.proto.v1.RatingAudit;
import org.elasticreset.proto.v1.RatingReceipt;
import org.elasticreset.reward.raters.door.RatingRefused.Why;
import org.junit.jupiter.api.Test;

class RatingDoorTest {

  private static final String ID = "train-12-0/3@17#0";
  private static final String NAME = BoardOfTest.name(ID);

  private final BoardOfTest of = new BoardOfTest(0);
  private final List<Rating> written = new ArrayList<>();
  private CompletionStage<Void> kafka = CompletableFuture.completedFuture(null);
  private boolean ready = true;
  private int seen;
  private final RatingDoor door =
      new RatingDoor(
          BoardOfTest.RUN,
          of.board,
          of.raters,
          new RateLimit(3, TimeMeter.SYSTEM_NANOTIME),
          this::write,
          () -> ready,
          () -> seen++,
          of.clock);

  private CompletionStage<Void> write(Rating rating) {
    written.add(rating);
    return kafka;
  }

  @Test
  void writesOverWhatTheCallerCannotKnow() {
    of.ask(ID, 2, 900);
    String name = door.next("ann", 1).get(0).name();

    door.rate(
        "ann",
        better(name)
            .setRaterId("bob")
            .setRunId("other")
            .setSource("me")
            .setAnswerId("argilla:1")
            .build(),
        "grpc");

    Rating rating = written.get(0);
    assertThat(rating.getRequestId()).isEqualTo(ID);
    assertThat(rating.getRaterId()).isEqualTo("ann");
    assertThat(rating.getRunId()).isEqualTo(BoardOfTest.RUN);
    assertThat(rating.getSource()).isEqualTo("grpc");
    assertThat(rating.getAnswerId()).isEmpty();
    assertThat(rating.getShownList()).isEqualTo(Draw.order("ann", ID, 2));
    assertThat(seen).isEqualTo(2);
    assertThat(door.done("ann")).isEqualTo(1);
  }

  @Test
  void countsRevisionsUpHoweverFastARaterIs() {
    of.ask(ID, 2, 900);

    door.rate("ann", better(NAME).build(), "http");
    door.rate("ann", better(NAME).build(), "http");

    assertThat(written.get(1).getRevision()).isGreaterThan(written.get(0).getRevision());
  }

  @Test
  void countsARequestOnceWhateverTheDeskTellsOfIt() {
    of.ask(ID, 2, 900);
    door.rate("ann", better(NAME).build(), "http");

    of.raters.audited(audit(RatingReceipt.RATING_TAKEN));
    of.raters.audited(audit(RatingReceipt.RATING_REVISED));

    assertThat(door.done("ann")).isEqualTo(1);
  }

  @Test
  void whatKafkaDoesNotTakeWasNotSaid() {
    of.ask(ID, 1, 900);
    kafka = CompletableFuture.failedFuture(new IllegalStateException("broker away"));

    var taken = door.rate("ann", better(NAME).build(), "http").toCompletableFuture();

    assertThatThrownBy(taken::join)
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            RatingRefused.class, e -> assertThat(e.why()).isEqualTo(Why.UNAVAILABLE));
    assertThat(door.done("ann")).isZero();
    assertThat(door.next("ann", 1)).hasSize(1);
  }

  @Test
  void saysWhoIsMutedThatTheyAre() {
    of.ask(ID, 1, 900);
    of.raters.known("ann", RaterRecord.newBuilder().setMuted(true).build());

    assertRefused(Why.MUTED, () -> door.next("ann", 1));
    assertRefused(Why.MUTED, () -> door.rate("ann", better(NAME).build(), "http"));
    assertThat(written).isEmpty();
    assertThat(seen).isZero();
  }

  @Test
  void waitsUntilTheBoardIsRead() {
    ready = false;

    assertRefused(Why.UNAVAILABLE, () -> door.next("ann", 1));
  }

  @Test
  void takesSoManyRatingsInAMinute() {
    of.ask(ID, 1, 900);
    for (int i = 0; i < 3; i++) {
      door.rate("ann", better(NAME).build(), "http");
    }

    assertThatThrownBy(() -> door.rate("ann", better(NAME).build(), "http"))
        .isInstanceOfSatisfying(
            RatingRefused.class,
            e ->
                assertThat(e.retryAfter().orElseThrow())
                    .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(20)));
  }

  @Test
  void refusesNamesThatCannotBeShown() {
    assertRefused(Why.INVALID, () -> door.next("ann\nroot", 1));
    assertRefused(Why.INVALID, () -> door.next("a\u202enn", 1));
    assertRefused(Why.INVALID, () -> door.next(" ", 1));
    assertRefused(Why.INVALID, () -> door.next("a".repeat(201), 1));
  }

  @Test
  void takesNothingOfWhatWasNeverAsked() {
    assertRefused(Why.UNKNOWN, () -> door.rate("ann", better("nonsense").build(), "http"));
  }

  @Test
  void takesNothingFromWhoComesWhenItHasEnded() {
    of.ask(ID, 1, 900);
    of.board.asked(ID, null);

    assertRefused(Why.CLOSED, () -> door.rate("ann", better(NAME).build(), "http"));
  }

  private static void assertRefused(Why why, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(RatingRefused.class, e -> assertThat(e.why()).isEqualTo(why));
  }

  private static Rating.Builder better(String id) {
    return Rating.newBuilder()
        .setRequestId(id)
        .setRanks(Ranks.newBuilder().addRanks(1).addRanks(2));
  }

  private static RatingAudit audit(RatingReceipt receipt) {
    return RatingAudit.newBuilder().setRaterId("ann").setRequestId(ID).setReceipt(receipt).build();
  }
}
