package org.elasticreset.algorithm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Admission and collection against a network that loses, repeats, reorders and delays. */
class CollectionSimulationTest {
  private static final int STEPS = 12;
  private static final int ROLLOUTS = 4;
  private static final int RESET_EVERY = 3;

  private final List<Rollout> inFlight = new ArrayList<>();
  private final Set<String> trained = new HashSet<>();

  @Property(tries = 200)
  void everyStepIsTrainedWholeInOrderAndOnce(
      @ForAll long seed,
      @ForAll @IntRange(max = 2) int maxStaleness,
      @ForAll EarlierEpoch earlierEpoch) {
    Random random = new Random(seed);
    Admission admission = new Admission(maxStaleness);
    PolicyStamp policy = new PolicyStamp(1, 0);
    StepCollector collector =
        new StepCollector(earlierEpoch, maxStaleness, policy, 0, -1, List.of());
    inFlight.clear();
    trained.clear();
    long admitted = 0;
    long published = 0;
    RolloutLedger ledger = RolloutLedger.empty();
    for (int tick = 0; published < STEPS; tick++) {
      assertThat(tick).as("the run makes progress").isLessThan(10_000);
      while (admitted < STEPS && admission.admits(admitted + 1, published)) {
        admitted++;
        collector.admit(admitted, admitted - 1, ids(admitted));
        ledger = ledger.admit(ROLLOUTS);
        send(ids(admitted), policy, random);
      }
      ledger = deliverOne(collector, random, ledger);
      var taken = collector.takeNext();
      if (taken.isPresent()) {
        check(taken.get(), published + 1, maxStaleness, earlierEpoch, policy);
        published++;
        long epoch = published / RESET_EVERY;
        policy = new PolicyStamp(published + 1, epoch);
        ledger = ledger.train(taken.get().rollouts().size());
        for (String ignored : collector.trainingContinuesWith(policy, published)) {
          ledger = ledger.drop(DropReason.STALE_EPOCH);
        }
      } else if (inFlight.isEmpty()) {
        for (long step : collector.awaitedSteps()) {
          send(collector.missing(step), policy, random);
        }
      }
      ledger.requireBalanced(collector.awaited(), collector.awaited() - missing(collector));
    }

    assertThat(trained).hasSize(STEPS * ROLLOUTS);
  }

  private void check(
      CollectedStep step,
      long expectedStep,
      int maxStaleness,
      EarlierEpoch earlierEpoch,
      PolicyStamp policy) {
    assertThat(step.step()).isEqualTo(expectedStep);
    assertThat(step.rollouts()).extracting(Rollout::id).isEqualTo(ids(expectedStep));
    assertThat(step.stalenessMax()).isLessThanOrEqualTo(maxStaleness);
    for (Rollout rollout : step.rollouts()) {
      assertThat(trained.add(rollout.id())).as("trained once").isTrue();
      assertThat(step.fromEarlierEpoch().contains(rollout.id()))
          .isEqualTo(rollout.policy().isOfEarlierEpochThan(policy));
    }
    if (earlierEpoch == EarlierEpoch.DROP) {
      assertThat(step.fromEarlierEpoch()).isEmpty();
    }
  }

  /** A fifth is lost, a fifth comes twice. */
  private void send(List<String> ids, PolicyStamp policy, Random random) {
    for (String id : ids) {
      int copies = List.of(0, 1, 1, 1, 2).get(random.nextInt(5));
      for (int copy = 0; copy < copies; copy++) {
        inFlight.add(StepCollectorTest.rollout(id, policy));
      }
    }
    if (random.nextInt(4) == 0) {
      inFlight.add(StepCollectorTest.rollout("another run's", policy));
    }
  }

  /** Any that is under way may arrive next; it says no step, as one that lies. */
  private RolloutLedger deliverOne(StepCollector collector, Random random, RolloutLedger ledger) {
    if (inFlight.isEmpty()) {
      return ledger;
    }
    Rollout arrived = inFlight.remove(random.nextInt(inFlight.size()));
    return collector.offer(random.nextInt(STEPS), arrived) instanceof Offer.Dropped dropped
        ? ledger.receive().drop(dropped.reason())
        : ledger.receive();
  }

  private static long missing(StepCollector collector) {
    return collector.awaitedSteps().stream()
        .flatMapToLong(step -> LongStream.of(collector.missing(step).size()))
        .sum();
  }

  private static List<String> ids(long step) {
    return IntStream.range(0, ROLLOUTS).mapToObj(i -> "train-" + step + "/" + i).toList();
  }
}
