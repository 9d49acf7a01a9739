package org.elasticreset.reward.raters.door;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.elasticreset.proto.v1.RaterRecord;
import org.elasticreset.proto.v1.Skip;
import org.elasticreset.proto.v1.Withdrawal;

class RequestBoardTest {

  private final BoardOfTest of = new BoardOfTest(0);
  private final RequestBoard board = of.board;

  @Example
  void givesTheOldestDeadlineFirst() {
    of.ask("late@1#0", 1, 900);
    of.ask("soon@1#0", 1, 100);

    List<Handout> next = board.next("ann", 2);

    assertThat(next).extracting(of::id).containsExactly("soon@1#0", "late@1#0");
  }

  @Example
  void tellsARaterNothingOfWhereARequestIsFrom() {
    of.ask("train-12-0/3@17#0", 1, 100);

    var request = board.next("ann", 1).get(0).request();

    assertThat(request.toString()).doesNotContain("train-12", BoardOfTest.RUN, "17");
    assertThat(request.getCandidatesList()).extracting(c -> c.getText()).hasSize(2);
  }

  @Example
  void keepsARequestFromOthersWhileARaterHasIt() {
    of.ask("a@1#0", 1, 900);
    board.next("ann", 1);

    assertThat(board.next("bob", 1)).isEmpty();
    assertThat(board.waiting("bob")).isZero();
    assertThat(board.next("ann", 1)).extracting(of::id).containsExactly("a@1#0");

    of.pass(BoardOfTest.LEASE.plusSeconds(1));
    assertThat(board.next("bob", 1)).extracting(of::id).containsExactly("a@1#0");
  }

  @Example
  void asksSomebodyElseWhenARaterSkips() {
    of.ask("a@1#0", 1, 900);
    board.next("ann", 1);

    board.said(of.rating("ann", "a@1#0", 1).setSkip(Skip.getDefaultInstance()).build());

    assertThat(board.next("ann", 1)).isEmpty();
    assertThat(board.next("bob", 1)).hasSize(1);
  }

  @Example
  void asksAgainWhoTookTheirAnswerBack() {
    of.ask("a@1#0", 1, 900);
    board.said(of.answer("ann", "a@1#0", 1));

    board.said(of.rating("ann", "a@1#0", 2).setWithdrawal(Withdrawal.getDefaultInstance()).build());

    assertThat(board.next("ann", 1)).hasSize(1);
  }

  @Example
  void doesNotCountWhoIsMuted() {
    of.ask("a@1#0", 1, 900);
    board.said(of.answer("ann", "a@1#0", 1));
    assertThat(board.next("bob", 1)).isEmpty();

    of.raters.known("ann", RaterRecord.newBuilder().setRaterId("ann").setMuted(true).build());

    assertThat(board.next("bob", 1)).hasSize(1);
  }

  @Example
  void takesRatingsThatComeBeforeTheirRequest() {
    board.said(of.answer("ann", "a@1#0", 1));

    of.ask("a@1#0", 1, 900);

    assertThat(board.next("bob", 1)).isEmpty();
  }

  @Example
  void anEndedRequestIsGivenToNobodyAndTakesOnlyWhatIsSaidByWhoHadIt() {
    of.ask("a@1#0", 2, 900);
    board.next("ann", 1);

    board.asked("a@1#0", null);

    assertThat(board.next("bob", 1)).isEmpty();
    assertThat(board.look(BoardOfTest.name("a@1#0"), "ann"))
        .hasValueSatisfying(a -> assertThat(a.takes()).isTrue());
    assertThat(board.look(BoardOfTest.name("a@1#0"), "bob"))
        .hasValueSatisfying(b -> assertThat(b.takes()).isFalse());
  }

  @Example
  void aClosedRequestTakesNothing() {
    of.ask("a@1#0", 1, 900);
    board.said(of.answer("ann", "a@1#0", 1));
    board.asked("a@1#0", null);

    board.close("a@1#0");

    assertThat(board.look(BoardOfTest.name("a@1#0"), "ann"))
        .hasValueSatisfying(a -> assertThat(a.takes()).isFalse());
  }

  @Example
  void aRequestThatComesAgainRemembersWhoAnswered() {
    of.ask("a@1#0", 2, 900);
    board.said(of.answer("ann", "a@1#0", 1));
    board.asked("a@1#0", null);

    of.ask("a@1#0", 2, 900);

    assertThat(board.next("ann", 1)).isEmpty();
    assertThat(board.next("bob", 1)).hasSize(1);
  }

  @Example
  void anIdThatWasNeverAskedIsUnknown() {
    assertThat(board.look("nonsense", "ann")).isEmpty();
  }

  /** Whoever could name what they were not given would never meet gold. */
  @Example
  void anIdIsNoName() {
    of.ask("a@1#0", 1, 900);

    assertThat(board.look("a@1#0", "ann")).isEmpty();
  }

  @Example
  void showsARaterTheSameOrderAgainAndOthersAnother() {
    of.ask("a@1#0", 100, 900);
    Set<List<Integer>> orders = new HashSet<>();

    for (int i = 0; i < 20; i++) {
      orders.add(board.next("rater-" + i, 1).get(0).shown());
    }

    assertThat(orders).containsExactlyInAnyOrder(List.of(0, 1), List.of(1, 0));
    assertThat(board.next("rater-3", 1).get(0).shown())
        .isEqualTo(Draw.order("rater-3", "a@1#0", 2));
  }

  @Example
  void mixesGoldInAsOftenAsItIsSetTo() {
    var mixed = new BoardOfTest(0.2);
    for (int i = 0; i < 300; i++) {
      mixed.ask("a" + i + "@1#0", 1, 900 + i);
      mixed.ask("gold" + i + "@0#0", BoardOfTest.GOLD_OVERLAP, 1_000_000_000L);
    }

    int gold = 0;
    for (int i = 0; i < 200; i++) {
      Handout next = mixed.board.next("ann", 1).get(0);
      gold += mixed.id(next).startsWith("gold") ? 1 : 0;
      mixed.board.said(mixed.answer("ann", mixed.id(next), 1));
    }

    assertThat(gold).isBetween(20, 60);
  }

  @Example
  void goldLooksLikeEverythingElse() {
    var mixed = new BoardOfTest(1);
    mixed.ask("gold@0#0", BoardOfTest.GOLD_OVERLAP, 1_000_000_000L);
    mixed.ask("a@1#0", 1, 900);

    List<Handout> both = mixed.board.next("ann", 2);

    assertThat(both).hasSize(2);
    assertThat(both)
        .allSatisfy(
            one -> {
              assertThat(one.name()).matches("[A-Za-z0-9_-]{20}");
              assertThat(one.request().getOverlap()).isZero();
              assertThat(one.request().getDeadlineMillis())
                  .isLessThanOrEqualTo(BoardOfTest.LONGEST.toMillis());
            });
  }

  @Example
  void forgetsTheTextsOfWhatHasEnded() {
    of.ask("a@1#0", 1, 900);

    board.asked("a@1#0", null);

    assertThat(board.counts().open()).isZero();
    assertThat(board.look(BoardOfTest.name("a@1#0"), "ann").orElseThrow().rated().request().id())
        .isEqualTo("a@1#0");
  }

  /** One thing that happens. */
  record Move(int kind, int rater, int request) {}

  @Provide
  Arbitrary<List<Move>> moves() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 4),
            Arbitraries.integers().between(0, 4),
            Arbitraries.integers().between(0, 3))
        .as(Move::new)
        .list()
        .ofMaxSize(60);
  }

  @Property
  void neverGivesARequestToMoreThanItWaitsForAtATime(@ForAll("moves") List<Move> moves) {
    var test = new BoardOfTest(0);
    int overlap = 2;
    Map<String, Set<String>> answered = new HashMap<>();
    Map<String, Map<String, Long>> has = new HashMap<>();
    for (Move move : moves) {
      String rater = "rater-" + move.rater();
      String id = "r" + move.request() + "@1#0";
      switch (move.kind()) {
        case 0 -> test.ask(id, overlap, 900 + move.request());
        case 1 ->
            test.board
                .next(rater, 1)
                .forEach(
                    given -> {
                      String which = test.id(given);
                      assertThat(answered.getOrDefault(which, Set.of())).doesNotContain(rater);
                      var holders = has.computeIfAbsent(which, none -> new HashMap<>());
                      holders.putIfAbsent(rater, test.endOfLease());
                      holders.computeIfPresent(
                          rater, (r, end) -> end > test.now() ? end : test.endOfLease());
                    });
        case 2 -> {
          test.board.said(test.answer(rater, id, 1));
          answered.computeIfAbsent(id, none -> new HashSet<>()).add(rater);
          has.getOrDefault(id, new HashMap<>()).remove(rater);
        }
        case 3 -> test.board.asked(id, null);
        default -> test.pass(Duration.ofSeconds(100));
      }
      has.forEach(
          (which, holders) ->
              assertThat(holders.values().stream().filter(end -> end > test.now()).count())
                  .isLessThanOrEqualTo(overlap));
    }
  }
}
