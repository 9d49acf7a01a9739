package org.elasticreset.rating.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.elasticreset.proto.v1.Ranks;
import org.elasticreset.proto.v1.Rating;
import org.elasticreset.proto.v1.Rating.AnswerCase;
import org.elasticreset.rating.tools.ToolEvent.Answered;
import org.elasticreset.rating.tools.ToolEvent.Completed;
import org.elasticreset.rating.tools.ToolEvent.Deleted;
import org.junit.jupiter.api.Test;

final class AnswerBookTest {

  private static final Answered FIRST = answered("label-studio:17", 100, 1);
  private static final Answered CHANGED = answered("label-studio:17", 200, 2);
  private static final Answered AGAIN = answered("label-studio:18", 300, 1);
  private static final Deleted DELETED = new Deleted("label-studio:17", Optional.empty());

  private final AnswerBook book = new AnswerBook(10);

  @Test
  void aDeletionWithdrawsTheAnswerOfThatId() {
    assertThat(book.rating(FIRST)).contains(FIRST.rating());
    assertThat(book.rating(CHANGED)).contains(CHANGED.rating());
    Rating withdrawn = book.rating(DELETED).orElseThrow();
    assertThat(withdrawn.getAnswerCase()).isEqualTo(AnswerCase.WITHDRAWAL);
    assertThat(withdrawn.getRevision()).isEqualTo(201);
    assertThat(withdrawn.getRequestId()).isEqualTo("a#0");
    assertThat(withdrawn.getRaterId()).isEqualTo("label-studio:5");
    assertThat(withdrawn.getRunId()).isEqualTo("run-1");
    assertThat(withdrawn.getSource()).isEqualTo("label-studio");
    assertThat(book.rating(DELETED)).as("a replay is the same").contains(withdrawn);
  }

  @Test
  void anAnswerThatItsDeletionOvertookIsWithdrawnAsItArrives() {
    assertThat(book.rating(DELETED)).isEmpty();
    Rating late = book.rating(FIRST).orElseThrow();
    assertThat(late.getAnswerCase()).isEqualTo(AnswerCase.WITHDRAWAL);
    assertThat(late.getRevision()).isEqualTo(101);
  }

  @Test
  void aDeletionThatSaysWhoseAnswerItWasNeedsNoMemory() {
    var whole = new Deleted("argilla:x", Optional.of(FIRST.rating()));
    assertThat(book.rating(whole).orElseThrow().getRevision()).isEqualTo(101);
  }

  @Test
  void whatIsNoAnswerIsNoRating() {
    assertThat(book.rating(new Completed("a#0"))).isEmpty();
  }

  @Test
  void theOldestAreForgotten() {
    book.rating(FIRST);
    for (int i = 0; i < 10; i++) {
      book.rating(answered("label-studio:2" + i, 500 + i, 1));
    }
    assertThat(book.rating(DELETED)).isEmpty();
  }

  @Provide
  Arbitrary<List<ToolEvent>> deliveries() {
    List<ToolEvent> events = List.of(FIRST, CHANGED, DELETED, AGAIN);
    // Each at least once, any of them again, in any order.
    return Arbitraries.of(events)
        .list()
        .ofMaxSize(6)
        .map(repeated -> Stream.concat(events.stream(), repeated.stream()).toList())
        .flatMap(all -> Arbitraries.shuffle(all));
  }

  /** What holds is the highest revision of the rater, as everywhere. */
  @Property
  void whateverTheOrderAndNumberOfDeliveriesTheSameHolds(
      @ForAll("deliveries") List<ToolEvent> deliveries) {
    var one = new AnswerBook(10);
    Rating holds =
        newest(deliveries.stream().flatMap(event -> one.rating(event).stream()).toList());
    assertThat(holds).as("the answer that was given after it").isEqualTo(AGAIN.rating());
  }

  @Property
  void whatWasDeletedLastStaysDeleted(@ForAll("deliveries") List<ToolEvent> deliveries) {
    var without = deliveries.stream().filter(event -> event != AGAIN).toList();
    var one = new AnswerBook(10);
    Rating holds = newest(without.stream().flatMap(event -> one.rating(event).stream()).toList());
    assertThat(holds.getAnswerCase()).isEqualTo(AnswerCase.WITHDRAWAL);
    assertThat(holds.getRevision()).isEqualTo(201);
  }

  private static Rating newest(List<Rating> ratings) {
    return ratings.stream().max(Comparator.comparingLong(Rating::getRevision)).orElseThrow();
  }

  private static Answered answered(String id, long revision, int rank) {
    return new Answered(
        id,
        Rating.newBuilder()
            .setRunId("run-1")
            .setRequestId("a#0")
            .setRaterId("label-studio:5")
            .setRevision(revision)
            .setRanks(Ranks.newBuilder().addRanks(rank).addRanks(3 - rank))
            .setSource("label-studio")
            .build());
  }
}
