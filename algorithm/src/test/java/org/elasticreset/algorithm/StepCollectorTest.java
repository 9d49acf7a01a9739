package org.elasticreset.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.LongStream;
import net.jqwik.api.Example;
import org.elasticreset.algorithm.Offer.Accepted;
import org.elasticreset.algorithm.Offer.Dropped;

class StepCollectorTest {
  private static final PolicyStamp FIRST = new PolicyStamp(1, 0);
  private static final long STEP = 1;

  private final StepCollector collector = collector(EarlierEpoch.DROP, 9);

  @Example
  void givesAStepInAdmittedOrderWhateverTheArrivalOrder() {
    collector.admit(1, 0, List.of("a", "b", "c"));

    assertThat(collector.offer(STEP, rollout("c", FIRST))).isEqualTo(new Accepted(1));
    assertThat(collector.offer(STEP, rollout("a", FIRST))).isEqualTo(new Accepted(1));
    assertThat(collector.takeNext()).isEmpty();
    assertThat(collector.missing(1)).containsExactly("b");
    collector.offer(STEP, rollout("b", FIRST));

    CollectedStep step = collector.takeNext().orElseThrow();
    assertThat(step.step()).isEqualTo(1);
    assertThat(step.rollouts()).extracting(Rollout::id).containsExactly("a", "b", "c");
  }

  @Example
  void aLaterStepThatIsCompleteWaitsForTheOneBefore() {
    collector.admit(1, 0, List.of("a"));
    collector.admit(2, 1, List.of("b"));
    collector.offer(STEP, rollout("b", FIRST));

    assertThat(collector.takeNext()).isEmpty();
    collector.offer(STEP, rollout("a", FIRST));

    assertThat(collector.awaitedSteps()).containsExactly(1L, 2L);
    assertThat(collector.takeNext().orElseThrow().step()).isEqualTo(1);
    assertThat(collector.takeNext().orElseThrow().step()).isEqualTo(2);
    assertThat(collector.takeNext()).isEmpty();
    assertThat(collector.awaitedSteps()).isEmpty();
  }

  @Example
  void dropsADuplicateOfACollectedAndOfATrainedRollout() {
    collector.admit(1, 0, List.of("a", "b"));
    collector.offer(STEP, rollout("a", FIRST));

    assertThat(collector.offer(STEP, rollout("a", FIRST)))
        .isEqualTo(new Dropped(DropReason.DUPLICATE));
    collector.offer(STEP, rollout("b", FIRST));
    collector.takeNext();

    assertThat(collector.offer(STEP, rollout("a", FIRST)))
        .isEqualTo(new Dropped(DropReason.DUPLICATE));
  }

  @Example
  void dropsAForeignRollout() {
    collector.admit(1, 0, List.of("a"));

    assertThat(collector.offer(STEP, rollout("x", FIRST)))
        .isEqualTo(new Dropped(DropReason.UNKNOWN));
  }

  @Example
  void aRunThatGoesOnDropsWhatWasTakenBeforeIt() {
    StepCollector goesOn = new StepCollector(EarlierEpoch.DROP, 0, FIRST, 7, 7, List.of());
    goesOn.admit(8, 7, List.of("a"));

    assertThat(goesOn.offer(7, rollout("x", FIRST))).isEqualTo(new Dropped(DropReason.DUPLICATE));
    assertThat(goesOn.offer(8, rollout("x", FIRST))).isEqualTo(new Dropped(DropReason.UNKNOWN));
    assertThat(goesOn.offer(8, rollout("a", FIRST))).isEqualTo(new Accepted(8));
    assertThatThrownBy(() -> goesOn.admit(7, 6, List.of("b")))
        .hasMessage("step: 7 (expected: above 7, which was taken out)");
  }

  @Example
  void whatAnAbandonedVersionDrewIsDroppedAndMissingUntilItComesAgain() {
    StepCollector goesOn =
        new StepCollector(
            EarlierEpoch.DROP, 9, new PolicyStamp(9, 0), 4, 4, List.of(new Rollback(5, 9)));
    goesOn.admit(5, 4, List.of("a", "b"));

    for (long version : new long[] {6, 8}) {
      assertThat(goesOn.offer(5, rollout("a", new PolicyStamp(version, 0))))
          .isEqualTo(new Dropped(DropReason.ABANDONED_VERSION));
    }
    assertThat(goesOn.missing(5)).containsExactly("a", "b");
    assertThat(goesOn.awaited()).isEqualTo(2);
    goesOn.offer(5, rollout("a", new PolicyStamp(5, 0)));
    goesOn.offer(5, rollout("b", new PolicyStamp(9, 0)));
    CollectedStep step = goesOn.takeNext().orElseThrow();
    assertThat(step.stalenessMax()).isZero();
    assertThat(step.fromOlderPolicy()).isEmpty();
  }

  @Example
  void abandonedVersionsAreNoStaleness() {
    StepCollector goesOn =
        new StepCollector(
            EarlierEpoch.DROP, 9, new PolicyStamp(9, 0), 4, 4, List.of(new Rollback(5, 9)));
    goesOn.admit(5, 4, List.of("a", "b"));
    goesOn.offer(5, rollout("a", new PolicyStamp(4, 0)));
    goesOn.offer(5, rollout("b", new PolicyStamp(9, 0)));
    goesOn.trainingContinuesWith(new PolicyStamp(10, 0), 0);

    assertThat(goesOn.takeNext().orElseThrow().stalenessMax()).isEqualTo(2);
  }

  @Example
  void aRolloutOfAnEarlierEpochIsDroppedAndMissingUntilItComesAgain() {
    PolicyStamp second = new PolicyStamp(2, 1);
    collector.admit(1, 0, List.of("a"));
    collector.trainingContinuesWith(second, 0);

    assertThat(collector.offer(STEP, rollout("a", FIRST)))
        .isEqualTo(new Dropped(DropReason.STALE_EPOCH));
    assertThat(collector.missing(1)).containsExactly("a");
    assertThat(collector.offer(STEP, rollout("a", second))).isEqualTo(new Accepted(1));
  }

  @Example
  void aResetFencesOffWhatWaits() {
    collector.admit(1, 0, List.of("a", "b"));
    collector.offer(STEP, rollout("a", FIRST));
    collector.offer(STEP, rollout("b", new PolicyStamp(2, 1)));

    assertThat(collector.trainingContinuesWith(new PolicyStamp(2, 1), 0)).containsExactly("a");

    assertThat(collector.missing(1)).containsExactly("a");
  }

  @Example
  void bySettingAnEarlierEpochIsTakenAndNamed() {
    StepCollector corrected = collector(EarlierEpoch.IMPORTANCE, 9);
    PolicyStamp second = new PolicyStamp(2, 1);
    corrected.admit(1, 0, List.of("a", "b", "c"));
    corrected.offer(STEP, rollout("c", FIRST));
    corrected.trainingContinuesWith(second, 0);
    corrected.offer(STEP, rollout("a", FIRST));
    corrected.offer(STEP, rollout("b", second));

    CollectedStep step = corrected.takeNext().orElseThrow();

    assertThat(step.fromEarlierEpoch()).containsExactly("a", "c");
  }

  @Example
  void measuresStalenessAgainstThePolicyThatIsTrained() {
    collector.admit(1, 0, List.of("a", "b", "c"));
    collector.offer(STEP, rollout("c", new PolicyStamp(4, 0)));
    collector.offer(STEP, rollout("a", new PolicyStamp(3, 0)));
    collector.trainingContinuesWith(new PolicyStamp(5, 0), 0);
    collector.offer(STEP, rollout("b", new PolicyStamp(5, 0)));

    CollectedStep step = collector.takeNext().orElseThrow();

    assertThat(step.stalenessMax()).isEqualTo(2);
    assertThat(step.fromOlderPolicy()).containsExactly("a", "c");
  }

  @Example
  void aRolloutThatIsTooFarBehindThePolicyThatItTrainsIsDropped() {
    StepCollector onPolicy =
        new StepCollector(EarlierEpoch.DROP, 0, new PolicyStamp(4, 0), 3, 3, List.of());
    onPolicy.admit(4, 3, List.of("a"));
    onPolicy.admit(5, 4, List.of("b"));

    assertThat(onPolicy.offer(4, rollout("a", new PolicyStamp(3, 0))))
        .isEqualTo(new Dropped(DropReason.STALE_VERSION));
    assertThat(onPolicy.offer(5, rollout("b", new PolicyStamp(4, 0))))
        .as("step 5 trains the policy of step 4, which is not there yet")
        .isEqualTo(new Dropped(DropReason.STALE_VERSION));
    assertThat(onPolicy.offer(4, rollout("a", new PolicyStamp(4, 0)))).isEqualTo(new Accepted(4));
    onPolicy.trainingContinuesWith(new PolicyStamp(5, 0), 4);
    assertThat(onPolicy.offer(5, rollout("b", new PolicyStamp(5, 0)))).isEqualTo(new Accepted(5));
  }

  @Example
  void aPolicyThatWasPublishedAgainIsAsOldAsWhatItLearnt() {
    StepCollector goesOn =
        new StepCollector(
            EarlierEpoch.DROP, 1, new PolicyStamp(12, 0), 3, 3, List.of(new Rollback(1, 9)));
    goesOn.admit(4, 3, List.of("a", "b"));

    assertThat(goesOn.offer(4, rollout("a", new PolicyStamp(9, 0))))
        .as("a prompt of step 4 from before the rollback, generated by the policy of step 0")
        .isEqualTo(new Dropped(DropReason.STALE_VERSION));
    assertThat(goesOn.offer(4, rollout("a", new PolicyStamp(11, 0)))).isEqualTo(new Accepted(4));
  }

  @Example
  void nothingIsMissingOfAStepThatWasNeverAdmitted() {
    assertThat(collector.missing(7)).isEmpty();
  }

  @Example
  void saysWhatWasWrong() {
    collector.admit(1, 0, List.of("a"));
    collector.trainingContinuesWith(new PolicyStamp(3, 0), 0);

    assertThatThrownBy(() -> collector.admit(2, 1, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("rolloutIds: empty (expected: at least one)");
    assertThatThrownBy(() -> collector.admit(2, 1, List.of("b", "b")))
        .hasMessage("rolloutIds: [b, b] (expected: no id twice)");
    assertThatThrownBy(() -> collector.admit(1, 0, List.of("b")))
        .hasMessage("step: 1 (expected: a step that is not awaited yet)");
    assertThatThrownBy(() -> collector.admit(2, 1, List.of("a")))
        .hasMessage("rolloutId: a (expected: an id that is not awaited yet)");
    assertThatThrownBy(() -> collector.trainingContinuesWith(new PolicyStamp(2, 0), 0))
        .hasMessageStartingWith("policy: PolicyStamp[version=2")
        .hasMessageEndingWith("(expected: not older than PolicyStamp[version=3, resetEpoch=0])");
  }

  private static StepCollector collector(EarlierEpoch earlierEpoch, long maxStaleness) {
    return new StepCollector(earlierEpoch, maxStaleness, FIRST, 0, -1, List.of());
  }

  static Rollout rollout(String id, PolicyStamp policy) {
    int length = 1 + Math.floorMod(id.hashCode(), 5);
    int[] tokens = LongStream.range(0, length).mapToInt(i -> (int) i).toArray();
    return new Rollout(id, tokens, tokens, new float[length], 0.5, policy, true);
  }
}
