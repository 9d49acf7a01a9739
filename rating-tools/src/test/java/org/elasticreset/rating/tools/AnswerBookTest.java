package org.elasticreset.rating.tools;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.elasticreset.proto.v1.Ranks;
import org.elasticreset.proto.v1.Rating;
import org.elasticreset.proto.v1.Rating.AnswerCase;
import org.elasticreset.rating.tools.ToolEvent.Answered;
import org.elasticreset.rating.tools.ToolEvent.Completed;
import org.elasticreset.rating.tools.ToolEvent.Deleted;

final class AnswerBookTest {

  private static final Answered FIRST = answered("label-studio:17", 100, 1);
  private static final Answered CHANGED = answered("label-studio:17", 200, 2);
  private static final Answered AGAIN = answered("label-studio:18", 300, 1);
  private static final Deleted DELETED = new Deleted("label-studio:17", Optional.empty());

  private final AnswerBook book = new AnswerBook(10);

  @Example
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

  @Example
  void anAnswerThatItsDeletionOvertookIsWithdrawnAsItArrives() {
    assertThat(book.rating(DELETED)).isEmpty();
    Rating late = book.rating(FIRST).orElseThrow();
    assertThat(late.getAnswerCase()).isEqualTo(AnswerCase.WITHDRAWAL);
    assertThat(late.getRevision()).isEqualTo(101);
  }

  @Example
  void aDeletionThatSaysWhoseAnswerItWasNeedsNoMemory() {
    var whole = new Deleted("argilla:x", Optional.of(FIRST.rating()));
    assertThat(book.rating(whole).orElseThrow().getRevision()).isEqualTo(101);
  }

  @Example
  void whatIsNoAnswerIsNoRating() {
    assertThat(book.rating(new Completed("a#0"))).isEmpty();
  }

  @Example
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

  @Example
  void whatIsHeardOfAnotherInstanceIsDeletedHere() {
    assertThat(book.heard(FIRST.rating())).isEmpty();
    assertThat(book.rating(DELETED).orElseThrow().getRevision()).isEqualTo(101);
  }

  @Example
  void anAnswerThatAnotherInstanceTookTooLateIsWithdrawnAsItIsHeard() {
    assertThat(book.rating(DELETED)).isEmpty();
    Rating late = book.heard(FIRST.rating()).orElseThrow();
    assertThat(late.getRevision()).isEqualTo(101);
    assertThat(book.heard(late)).as("nothing is said of a withdrawal").isEmpty();
    assertThat(book.rating(DELETED)).as("nor is it withdrawn anew").contains(late);
  }

  @Example
  void whatHasNoIdIsNoToolsBusiness() {
    assertThat(book.heard(FIRST.rating().toBuilder().clearAnswerId().build())).isEmpty();
  }

  /** Any instance takes any delivery; each hears of all ratings, sooner or later. */
  @Property
  void itMakesNoDifferenceWhichInstanceTakesADelivery(
      @ForAll("deliveries") List<ToolEvent> deliveries, @ForAll long seed) {
    var without = deliveries.stream().filter(event -> event != AGAIN).toList();
    assertThat(newest(written(deliveries, new Random(seed)))).isEqualTo(AGAIN.rating());
    Rating holds = newest(written(without, new Random(seed)));
    assertThat(holds.getAnswerCase()).isEqualTo(AnswerCase.WITHDRAWAL);
    assertThat(holds.getRevision()).isEqualTo(201);
  }

  private static List<Rating> written(List<ToolEvent> deliveries, Random random) {
    List<AnswerBook> instances =
        List.of(new AnswerBook(10), new AnswerBook(10), new AnswerBook(10));
    int[] heard = new int[instances.size()];
    List<Rating> topic = new ArrayList<>();
    for (ToolEvent delivery : deliveries) {
      instances.get(random.nextInt(instances.size())).rating(delivery).ifPresent(topic::add);
      int who = random.nextInt(instances.size());
      while (heard[who] < topic.size() && random.nextBoolean()) {
        instances.get(who).heard(topic.get(heard[who]++)).ifPresent(topic::add);
      }
    }
    for (int round = 0; round < 3; round++) {
      for (int who = 0; who < instances.size(); who++) {
        while (heard[who] < topic.size()) {
          instances.get(who).heard(topic.get(heard[who]++)).ifPresent(topic::add);
        }
      }
    }
    return topic;
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
            .setAnswerId(id)
            .build());
  }
}
