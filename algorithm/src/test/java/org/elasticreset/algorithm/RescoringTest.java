package org.elasticreset.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.assertj.core.groups.Tuple;
import org.elasticreset.algorithm.Offer.Accepted;
import org.elasticreset.algorithm.Offer.Dropped;
import org.elasticreset.algorithm.Offer.Replaced;

/** Scores that are given again until a step is taken. */
class RescoringTest {
  private static final PolicyStamp FIRST = new PolicyStamp(1, 0);
  private static final PolicyStamp SECOND = new PolicyStamp(2, 0);

  private final StepCollector collector = collector();

  /** Every rollout of the step comes once at least, in whatever order, as often as may be. */
  @Property
  void theStepTrainsOnTheHighestRevisionOfThePolicyThatCameFirst(
      @ForAll("deliveries") List<Rollout> before, @ForAll("deliveries") List<Rollout> after) {
    StepCollector collecting = collector();
    RolloutLedger ledger = RolloutLedger.empty().admit(2);
    List<Rollout> delivered = new ArrayList<>(before);
    for (String id : List.of("a", "b")) {
      if (before.stream().noneMatch(rollout -> rollout.id().equals(id))) {
        delivered.add(rollout(id, FIRST, 0));
      }
    }

    for (Rollout rollout : delivered) {
      ledger = count(collecting.offer(1, rollout), ledger.receive());
      long missing = collecting.missing(1).size();
      ledger.requireBalanced(2, 2 - missing);
    }
    CollectedStep step = collecting.takeNext().orElseThrow();
    ledger = ledger.train(2);

    assertThat(step.rollouts())
        .extracting(Rollout::id, Rollout::policy, Rollout::scoreRevision, Rollout::reward)
        .containsExactly(shown(highest("a", delivered)), shown(highest("b", delivered)));
    for (Rollout late : after) {
      assertThat(collecting.offer(1, late)).isEqualTo(new Dropped(DropReason.DUPLICATE));
    }
    ledger.requireBalanced(0, 0);
  }

  private static StepCollector collector() {
    StepCollector collector = new StepCollector(EarlierEpoch.DROP, 9, FIRST, 0, -1, List.of());
    collector.admit(1, 0, List.of("a", "b"));
    return collector;
  }

  private static Tuple shown(Rollout rollout) {
    return tuple(rollout.id(), rollout.policy(), rollout.scoreRevision(), rollout.reward());
  }

  private static RolloutLedger count(Offer offer, RolloutLedger ledger) {
    if (offer instanceof Dropped dropped) {
      return ledger.drop(dropped.reason());
    }
    return offer instanceof Replaced ? ledger.drop(DropReason.SUPERSEDED) : ledger;
  }

  private static Rollout highest(String id, List<Rollout> delivered) {
    List<Rollout> ofId = delivered.stream().filter(rollout -> rollout.id().equals(id)).toList();
    Rollout highest = ofId.get(0);
    for (Rollout rollout : ofId) {
      if (rollout.policy().equals(highest.policy())
          && rollout.scoreRevision() > highest.scoreRevision()) {
        highest = rollout;
      }
    }
    return highest;
  }

  @Provide
  Arbitrary<List<Rollout>> deliveries() {
    return Combinators.combine(
            Arbitraries.of("a", "b"),
            Arbitraries.of(FIRST, SECOND),
            Arbitraries.longs().between(0, 4))
        .as(RescoringTest::rollout)
        .list()
        .ofMaxSize(20);
  }

  @Example
  void aLaterScoreTakesThePlaceOfAnEarlierOne() {
    Offer earlier = collector.offer(1, rollout("a", FIRST, 1));

    Offer later = collector.offer(1, rollout("a", FIRST, 2));

    assertThat(earlier).isEqualTo(new Accepted(1));
    assertThat(later).isEqualTo(new Replaced(1));
    assertThat(collector.missing(1)).containsExactly("b");
    assertThat(collector.awaited()).isEqualTo(2);
  }

  @Example
  void anEarlierScoreThatComesLaterIsADuplicate() {
    collector.offer(1, rollout("a", FIRST, 2));

    assertThat(collector.offer(1, rollout("a", FIRST, 1)))
        .isEqualTo(new Dropped(DropReason.DUPLICATE));
    assertThat(collector.offer(1, rollout("a", FIRST, 2)))
        .isEqualTo(new Dropped(DropReason.DUPLICATE));
  }

  @Example
  void whatAnotherPolicyDrewReplacesNothingHoweverOftenItWasScored() {
    collector.offer(1, rollout("a", FIRST, 1));

    assertThat(collector.offer(1, rollout("a", SECOND, 5)))
        .isEqualTo(new Dropped(DropReason.DUPLICATE));
  }

  @Example
  void aLaterScoreOfWhatAResetFencedOffIsOfAnEarlierEpoch() {
    PolicyStamp afterReset = new PolicyStamp(2, 1);
    collector.offer(1, rollout("a", FIRST, 1));
    collector.trainingContinuesWith(afterReset, 0);

    assertThat(collector.offer(1, rollout("a", FIRST, 2)))
        .isEqualTo(new Dropped(DropReason.STALE_EPOCH));
    assertThat(collector.offer(1, rollout("a", afterReset, 0))).isEqualTo(new Accepted(1));
  }

  @Example
  void aLaterScoreThatComesWhenItsStepIsTakenIsADuplicate() {
    collector.offer(1, rollout("a", FIRST, 1));
    collector.offer(1, rollout("b", FIRST, 0));
    collector.takeNext();

    assertThat(collector.offer(1, rollout("a", FIRST, 2)))
        .isEqualTo(new Dropped(DropReason.DUPLICATE));
  }

  private static Rollout rollout(String id, PolicyStamp policy, long revision) {
    return new Rollout(
        id,
        new int[] {1, 2},
        new int[] {3},
        new float[] {-1},
        revision / 4.0,
        revision,
        policy,
        true);
  }
}
