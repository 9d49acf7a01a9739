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

  private final StepCollector collector = new StepCollector(EarlierEpoch.DROP, FIRST);

  @Example
  void givesAStepInAdmittedOrderWhateverTheArrivalOrder() {
    collector.admit(1, List.of("a", "b", "c"));

    assertThat(collector.offer(rollout("c", FIRST))).isEqualTo(new Accepted(1));
    assertThat(collector.offer(rollout("a", FIRST))).isEqualTo(new Accepted(1));
    assertThat(collector.takeNext()).isEmpty();
    assertThat(collector.missing(1)).containsExactly("b");
    collector.offer(rollout("b", FIRST));

    CollectedStep step = collector.takeNext().orElseThrow();
    assertThat(step.step()).isEqualTo(1);
    assertThat(step.rollouts()).extracting(Rollout::id).containsExactly("a", "b", "c");
  }

  @Example
  void aLaterStepThatIsCompleteWaitsForTheOneBefore() {
    collector.admit(1, List.of("a"));
    collector.admit(2, List.of("b"));
    collector.offer(rollout("b", FIRST));

    assertThat(collector.takeNext()).isEmpty();
    collector.offer(rollout("a", FIRST));

    assertThat(collector.awaitedSteps()).containsExactly(1L, 2L);
    assertThat(collector.takeNext().orElseThrow().step()).isEqualTo(1);
    assertThat(collector.takeNext().orElseThrow().step()).isEqualTo(2);
    assertThat(collector.takeNext()).isEmpty();
    assertThat(collector.awaitedSteps()).isEmpty();
  }

  @Example
  void dropsADuplicateOfACollectedAndOfATrainedRollout() {
    collector.admit(1, List.of("a", "b"));
    collector.offer(rollout("a", FIRST));

    assertThat(collector.offer(rollout("a", FIRST))).isEqualTo(new Dropped(DropReason.DUPLICATE));
    collector.offer(rollout("b", FIRST));
    collector.takeNext();

    assertThat(collector.offer(rollout("a", FIRST))).isEqualTo(new Dropped(DropReason.DUPLICATE));
    assertThat(collector.dropped()).containsEntry(DropReason.DUPLICATE, 2L);
  }

  @Example
  void dropsAForeignRollout() {
    collector.admit(1, List.of("a"));

    assertThat(collector.offer(rollout("x", FIRST))).isEqualTo(new Dropped(DropReason.UNKNOWN));
    assertThat(collector.dropped()).containsEntry(DropReason.UNKNOWN, 1L);
  }

  @Example
  void forgetsIdsOfLongAgo() {
    for (int step = 1; step <= 34; step++) {
      collector.admit(step, List.of("r" + step));
      collector.offer(rollout("r" + step, FIRST));
      collector.takeNext();
    }

    assertThat(collector.offer(rollout("r34", FIRST))).isEqualTo(new Dropped(DropReason.DUPLICATE));
    assertThat(collector.offer(rollout("r1", FIRST))).isEqualTo(new Dropped(DropReason.UNKNOWN));
  }

  @Example
  void aRolloutOfAnEarlierEpochIsDroppedAndMissingUntilItComesAgain() {
    PolicyStamp second = new PolicyStamp(2, 1);
    collector.admit(1, List.of("a"));
    collector.trainingContinuesWith(second);

    assertThat(collector.offer(rollout("a", FIRST))).isEqualTo(new Dropped(DropReason.STALE_EPOCH));
    assertThat(collector.missing(1)).containsExactly("a");
    assertThat(collector.offer(rollout("a", second))).isEqualTo(new Accepted(1));
    assertThat(collector.dropped()).containsEntry(DropReason.STALE_EPOCH, 1L);
  }

  @Example
  void aResetFencesOffWhatWaits() {
    collector.admit(1, List.of("a", "b"));
    collector.offer(rollout("a", FIRST));
    collector.offer(rollout("b", new PolicyStamp(2, 1)));

    collector.trainingContinuesWith(new PolicyStamp(2, 1));

    assertThat(collector.missing(1)).containsExactly("a");
    assertThat(collector.dropped()).containsEntry(DropReason.STALE_EPOCH, 1L);
    assertThat(collector.earlierEpochTaken()).isZero();
  }

  @Example
  void bySettingAnEarlierEpochIsTakenAndNamed() {
    StepCollector corrected = new StepCollector(EarlierEpoch.IMPORTANCE, FIRST);
    PolicyStamp second = new PolicyStamp(2, 1);
    corrected.admit(1, List.of("a", "b", "c"));
    corrected.offer(rollout("c", FIRST));
    corrected.trainingContinuesWith(second);
    corrected.offer(rollout("a", FIRST));
    corrected.offer(rollout("b", second));

    CollectedStep step = corrected.takeNext().orElseThrow();

    assertThat(step.fromEarlierEpoch()).containsExactly("a", "c");
    assertThat(corrected.earlierEpochTaken()).isEqualTo(2);
    assertThat(corrected.dropped()).containsEntry(DropReason.STALE_EPOCH, 0L);
  }

  @Example
  void measuresStalenessAgainstThePolicyThatIsTrained() {
    collector.admit(1, List.of("a", "b"));
    collector.offer(rollout("a", new PolicyStamp(3, 0)));
    collector.offer(rollout("b", new PolicyStamp(4, 0)));
    collector.trainingContinuesWith(new PolicyStamp(5, 0));

    assertThat(collector.takeNext().orElseThrow().stalenessMax()).isEqualTo(2);
  }

  @Example
  void nothingIsMissingOfAStepThatWasNeverAdmitted() {
    assertThat(collector.missing(7)).isEmpty();
  }

  @Example
  void saysWhatWasWrong() {
    collector.admit(1, List.of("a"));
    collector.trainingContinuesWith(new PolicyStamp(3, 0));

    assertThatThrownBy(() -> collector.admit(2, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("rolloutIds: empty (expected: at least one)");
    assertThatThrownBy(() -> collector.admit(2, List.of("b", "b")))
        .hasMessage("rolloutIds: [b, b] (expected: no id twice)");
    assertThatThrownBy(() -> collector.admit(1, List.of("b")))
        .hasMessage("step: 1 (expected: a step that is not awaited yet)");
    assertThatThrownBy(() -> collector.admit(2, List.of("a")))
        .hasMessage("rolloutId: a (expected: an id that is not awaited yet)");
    assertThatThrownBy(() -> collector.trainingContinuesWith(new PolicyStamp(2, 0)))
        .hasMessageStartingWith("policy: PolicyStamp[version=2")
        .hasMessageEndingWith("(expected: not older than PolicyStamp[version=3, resetEpoch=0])");
  }

  static Rollout rollout(String id, PolicyStamp policy) {
    int length = 1 + Math.floorMod(id.hashCode(), 5);
    int[] tokens = LongStream.range(0, length).mapToInt(i -> (int) i).toArray();
    return new Rollout(id, tokens, tokens, new float[length], 0.5, policy, true);
  }
}
