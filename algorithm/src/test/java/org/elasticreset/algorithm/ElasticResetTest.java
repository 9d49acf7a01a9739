package org.elasticreset.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.elasticreset.algorithm.ElasticReset.Proposal;
import org.elasticreset.algorithm.ElasticReset.State;
import org.elasticreset.algorithm.ElasticReset.Transition;
import org.elasticreset.algorithm.ResetDecision.Continue;
import org.elasticreset.algorithm.ResetDecision.ResetToAverage;
import org.elasticreset.algorithm.ResetDecision.ResetToInitial;
import org.elasticreset.algorithm.ResetTrigger.DriftBudget;
import org.elasticreset.algorithm.ResetTrigger.EveryNUpdates;
import org.elasticreset.algorithm.ResetTrigger.OnRequest;

class ElasticResetTest {
  private static final ResetRequest REQUEST = new ResetRequest("ada", "the samples look odd");

  @Property
  void everyNUpdatesResetsAtExactlyTheMultiplesOfN(
      @ForAll @IntRange(min = 1, max = 20) int n, @ForAll @IntRange(max = 100) int steps) {
    List<Long> resets = resetSteps(new EveryNUpdates(n), steps);

    assertThat(resets).hasSize(steps / n).allMatch(step -> step % n == 0);
  }

  @Property
  void resetsOnlyAtPublishedUpdatesAndAtTheFirstThatIsDue(
      @ForAll @IntRange(min = 1, max = 10) int n,
      @ForAll @Size(max = 60) List<Boolean> publications) {
    ElasticReset elasticReset = new ElasticReset(new EveryNUpdates(n));
    State state = State.initial();
    int sinceReset = 0;
    for (boolean published : publications) {
      Transition transition = elasticReset.decide(state, update(1, published));

      sinceReset++;
      boolean isDue = published && sinceReset >= n;
      assertThat(transition.decision() instanceof ResetToAverage).isEqualTo(isDue);
      sinceReset = isDue ? 0 : sinceReset;
      assertThat(transition.next().updatesSinceReset()).isEqualTo(sinceReset);
      state = transition.next();
    }
    assertThat(state.updates()).isEqualTo(publications.size());
  }

  @Example
  void theInitialPolicyIsNeitherCountedNorReset() {
    ElasticReset elasticReset = new ElasticReset(new EveryNUpdates(1));
    State asked = elasticReset.request(State.initial(), REQUEST);

    Transition transition = elasticReset.decide(asked, update(0, true));

    assertThat(transition).isEqualTo(new Transition(asked, new Continue()));
  }

  @Example
  void aResetBeginsAnEpochAndCountsFromZero() {
    State before = new State(33, 16, 1, Optional.empty());

    Transition transition =
        new ElasticReset(new EveryNUpdates(17)).decide(before, update(34, true));

    assertThat(transition.decision())
        .isEqualTo(new ResetToAverage("17 updates since the last reset", 17));
    assertThat(transition.next()).isEqualTo(new State(34, 0, 2, Optional.empty()));
  }

  @Example
  void aResetToTheInitialWeightsCountsLikeOneToTheAverage() {
    State before = new State(33, 16, 1, Optional.empty());

    Transition transition =
        new ElasticReset(new EveryNUpdates(17), 0, ResetTarget.INITIAL)
            .decide(before, update(34, true));

    assertThat(transition.decision())
        .isEqualTo(new ResetToInitial("17 updates since the last reset", 17));
    assertThat(transition.next()).isEqualTo(new State(34, 0, 2, Optional.empty()));
  }

  @Example
  void aResetThatNeedsApprovalIsProposedAndTrainingGoesOn() {
    ElasticReset gated = new ElasticReset(new EveryNUpdates(2), 1, ResetTarget.AVERAGE);
    State state = State.initial();
    for (int step = 1; step <= 3; step++) {
      Transition transition = gated.decide(state, update(step, true));
      assertThat(transition.decision()).isEqualTo(new Continue());
      state = transition.next();
    }

    assertThat(state.proposal()).contains(new Proposal("2 updates since the last reset"));
    assertThat(state.updatesSinceReset()).isEqualTo(3);
  }

  @Example
  void anApprovedResetFollowsTheNextPublishedUpdate() {
    ElasticReset gated = new ElasticReset(new EveryNUpdates(1), 1, ResetTarget.AVERAGE);
    State proposed = gated.decide(State.initial(), update(1, true)).next();

    State approved = gated.approve(proposed, REQUEST);
    Transition transition = gated.decide(approved, update(2, true));

    assertThat(approved.proposal()).isEmpty();
    assertThat(transition.decision())
        .isEqualTo(new ResetToAverage("requested by ada: the samples look odd", 2));
    assertThat(transition.next()).isEqualTo(new State(2, 0, 1, Optional.empty()));
  }

  @Example
  void aResetThatNeedsTwoApprovalsWaitsForTwoPersons() {
    ElasticReset gated = new ElasticReset(new EveryNUpdates(1), 2, ResetTarget.AVERAGE);
    State proposed = gated.decide(State.initial(), update(1, true)).next();
    State once = gated.approve(proposed, REQUEST);
    Transition waiting = gated.decide(once, update(2, true));

    State twice = gated.approve(waiting.next(), new ResetRequest("grace", ""));
    Transition reset = gated.decide(twice, update(3, true));

    assertThat(waiting.decision()).isEqualTo(new Continue());
    assertThat(waiting.next().proposal().orElseThrow().approvals()).containsExactly(REQUEST);
    assertThat(reset.decision())
        .isEqualTo(new ResetToAverage("requested by ada and grace: the samples look odd", 3));
  }

  @Example
  void nobodyApprovesTwiceHoweverTheNameIsWritten() {
    ElasticReset gated = new ElasticReset(new EveryNUpdates(1), 2, ResetTarget.AVERAGE);
    State once = gated.approve(gated.decide(State.initial(), update(1, true)).next(), REQUEST);

    assertThatThrownBy(() -> gated.approve(once, new ResetRequest(" Ada", "again")))
        .hasMessage("approval by:  Ada (expected: another person than those who have approved)");
  }

  @Example
  void oneRefusalUndoesApprovals() {
    ElasticReset gated = new ElasticReset(new EveryNUpdates(1), 2, ResetTarget.AVERAGE);
    State once = gated.approve(gated.decide(State.initial(), update(1, true)).next(), REQUEST);

    State refused = gated.refuse(once);

    assertThat(refused.proposal()).isEmpty();
    assertThat(refused.request()).isEmpty();
  }

  @Example
  void aRefusedResetIsProposedAgainWhenItIsDueFromThere() {
    ElasticReset gated = new ElasticReset(new EveryNUpdates(2), 1, ResetTarget.AVERAGE);
    State proposed =
        new State(
            5,
            5,
            0,
            Optional.empty(),
            Optional.of(new Proposal("due")),
            5,
            new TriggerMemory.Nothing());

    State refused = gated.refuse(proposed);
    State next = gated.decide(refused, update(6, true)).next();
    State due = gated.decide(next, update(7, true)).next();

    assertThat(next.proposal()).isEmpty();
    assertThat(due.proposal()).contains(new Proposal("2 updates since the last reset"));
    assertThat(due.updatesSinceReset()).isEqualTo(7);
  }

  @Example
  void aDecisionOnNothingIsRefused() {
    ElasticReset gated = new ElasticReset(new EveryNUpdates(2), 1, ResetTarget.AVERAGE);

    assertThatThrownBy(() -> gated.refuse(State.initial()))
        .hasMessage("proposal: none (expected: a reset that waits for a decision)");
    assertThatThrownBy(() -> gated.approve(State.initial(), REQUEST))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Example
  void aDriftBudgetFiresOnlyAboveIt() {
    ElasticReset elasticReset = new ElasticReset(new DriftBudget(5));

    assertThat(elasticReset.decide(State.initial(), update(1, true, 5.0)).decision())
        .isEqualTo(new Continue());
    assertThat(elasticReset.decide(State.initial(), update(1, true, 5.5)).decision())
        .isEqualTo(new ResetToAverage("drift of 5.500 nats (budget: 5.000 nats)", 1));
  }

  @Example
  void aDriftBudgetNeedsAMeasurementAndAPublication() {
    ElasticReset elasticReset = new ElasticReset(new DriftBudget(5));

    assertThat(elasticReset.decide(State.initial(), update(1, true)).decision())
        .isEqualTo(new Continue());
    assertThat(elasticReset.decide(State.initial(), update(1, false, 50.0)).decision())
        .isEqualTo(new Continue());
  }

  @Property
  void aDriftBudgetFiresOnceForEachTimeThatTheDriftWasLow(
      @ForAll @Size(max = 60) List<@IntRange(max = 10) Integer> drifts) {
    ElasticReset elasticReset = new ElasticReset(new DriftBudget(7, 3));
    State state = State.initial();
    boolean armed = true;
    for (int drift : drifts) {
      Transition transition = elasticReset.decide(state, update(1, true, drift));

      boolean isDue = armed && drift > 7;
      assertThat(transition.decision() instanceof ResetToAverage).isEqualTo(isDue);
      armed = armed ? !isDue : drift < 3;
      state = transition.next();
    }
  }

  @Property
  void onRequestNeverResetsByItself(@ForAll @IntRange(max = 100) int steps) {
    assertThat(resetSteps(new OnRequest(), steps)).isEmpty();
  }

  @Example
  void aRequestWorksBesideAnyTriggerAndIsMetOnce() {
    for (ResetTrigger trigger :
        List.of(new EveryNUpdates(17), new DriftBudget(5), new OnRequest())) {
      ElasticReset elasticReset = new ElasticReset(trigger);
      State asked = elasticReset.request(State.initial(), REQUEST);

      Transition met = elasticReset.decide(asked, update(1, true));
      Transition after = elasticReset.decide(met.next(), update(2, true));

      assertThat(met.decision())
          .isEqualTo(new ResetToAverage("requested by ada: the samples look odd", 1));
      assertThat(after.decision()).isEqualTo(new Continue());
    }
  }

  @Example
  void aRequestBetweenPublicationsWaits() {
    ElasticReset elasticReset = new ElasticReset(new OnRequest());
    State asked = elasticReset.request(State.initial(), new ResetRequest("ada", ""));

    Transition within = elasticReset.decide(asked, update(1, false));
    Transition published = elasticReset.decide(within.next(), update(1, true));

    assertThat(within.decision()).isEqualTo(new Continue());
    assertThat(within.next().request()).isEqualTo(asked.request());
    assertThat(published.decision()).isEqualTo(new ResetToAverage("requested by ada", 2));
    assertThat(published.next().request()).isEmpty();
  }

  @Example
  void theLatestRequestReplacesTheOneThatWaits() {
    ElasticReset elasticReset = new ElasticReset(new OnRequest());
    State state = elasticReset.request(State.initial(), new ResetRequest("bob", "first"));

    assertThat(elasticReset.request(state, REQUEST).request()).contains(REQUEST);
  }

  @Example
  void triggersSayWhatTheyAre() {
    assertThat(new EveryNUpdates(17).description()).isEqualTo("every 17 updates");
    assertThat(new DriftBudget(7.5).description()).isEqualTo("drift above 7.5 nats");
    assertThat(new DriftBudget(7.5, 3).description())
        .isEqualTo("drift above 7.5 nats, again once it was below 3.0");
    assertThat(new OnRequest().description()).isEqualTo("on request");
    assertThat(new RewardPlateau(6, 0.01).description())
        .isEqualTo("reward below 0.01 a nat over 6 steps");
    assertThat(new MarginalValue(0.9).description()).isEqualTo("marginal value of the evaluations");
  }

  @Example
  void saysWhatWasWrong() {
    assertThatThrownBy(() -> new EveryNUpdates(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("n: 0 (expected: n >= 1)");
    assertThatThrownBy(() -> new DriftBudget(0)).hasMessage("nats: 0.0 (expected: nats > 0)");
    assertThatThrownBy(() -> new DriftBudget(Double.POSITIVE_INFINITY))
        .hasMessage("nats: Infinity (expected: nats > 0)");
    assertThatThrownBy(() -> new DriftBudget(5, 6))
        .hasMessage("rearmBelowNats: 6.0 (expected: 0 < rearmBelowNats <= 5.0)");
    assertThatThrownBy(() -> new DriftBudget(5, 0))
        .hasMessage("rearmBelowNats: 0.0 (expected: 0 < rearmBelowNats <= 5.0)");
    assertThatThrownBy(() -> new ElasticReset(new OnRequest(), -1, ResetTarget.AVERAGE))
        .hasMessage("approvals: -1 (expected: approvals >= 0)");
    assertThatThrownBy(() -> new ElasticReset(new MarginalValue(0.5), 0, ResetTarget.INITIAL))
        .hasMessageStartingWith("to: INITIAL (expected: AVERAGE");
    assertThatThrownBy(() -> new ResetRequest("", "why"))
        .hasMessage("requestedBy: '' (expected: not blank)");
    assertThatThrownBy(() -> update(-1, true)).hasMessage("step: -1 (expected: step >= 0)");
    assertThatThrownBy(() -> update(1, true, Double.NaN))
        .hasMessage("klToInitialNats: NaN (expected: a finite number)");
    assertThatThrownBy(() -> new State(0, -1, 0, Optional.empty()))
        .hasMessage("updatesSinceReset: -1 (expected: updatesSinceReset >= 0)");
    assertThatThrownBy(() -> new State(1, 2, 0, Optional.empty()))
        .hasMessage("updates: 1 (expected: updates >= 2)");
    assertThatThrownBy(() -> new State(0, 0, -1, Optional.empty()))
        .hasMessage("resetEpoch: -1 (expected: resetEpoch >= 0)");
  }

  private static List<Long> resetSteps(ResetTrigger trigger, int steps) {
    ElasticReset elasticReset = new ElasticReset(trigger);
    State state = State.initial();
    List<Long> resets = new ArrayList<>();
    for (long step = 1; step <= steps; step++) {
      Transition transition = elasticReset.decide(state, update(step, true));
      state = transition.next();
      if (transition.decision() instanceof ResetToAverage) {
        resets.add(step);
        assertThat(state.resetEpoch()).isEqualTo(resets.size());
      }
    }
    return resets;
  }

  private static UpdateObserved update(long step, boolean published) {
    return new UpdateObserved(step, published, OptionalDouble.empty());
  }

  private static UpdateObserved update(long step, boolean published, double klNats) {
    return new UpdateObserved(step, published, OptionalDouble.of(klNats));
  }
}
