package org.elasticreset.algorithm;

import java.util.Optional;

/**
 * Elastic Reset as a pure state machine, Noukhovitch et al. 2023, arXiv 2312.07551, Algorithm 1:
 * (state, update) → (next state, decision). It never sees a weight: whoever calls it moves them.
 *
 * <p>The order at each update: the caller takes the update into the average, asks here, and if the
 * answer is a {@link ResetDecision.Reset} publishes what it says as the policy and then starts the
 * average again from the initial weights.
 *
 * @param trigger when to reset, besides an operator's request
 * @param approval whether a reset that the trigger finds due is only proposed, and waits for an
 *     operator's decision while training goes on
 * @param to what the policy becomes
 */
public record ElasticReset(ResetTrigger trigger, boolean approval, ResetTarget to) {
  /** As in the paper: to the average, without approval. */
  public ElasticReset(ResetTrigger trigger) {
    this(trigger, false, ResetTarget.AVERAGE);
  }

  /**
   * All that has to be remembered between updates.
   *
   * @param updates updates that entered the average since the run began
   * @param updatesSinceReset of those, the ones since the last reset
   * @param resetEpoch resets so far
   * @param request an operator's request that has not been met yet
   * @param proposal why a reset is due that waits for a decision
   * @param updatesSinceDecision updates since the last reset or refusal of one, at most {@code
   *     updatesSinceReset}
   */
  public record State(
      long updates,
      long updatesSinceReset,
      long resetEpoch,
      Optional<ResetRequest> request,
      Optional<String> proposal,
      long updatesSinceDecision) {
    /**
     * Validates.
     *
     * @throws IllegalArgumentException naming the component, its value and what was expected
     */
    public State {
      Require.notNegative("updatesSinceReset", updatesSinceReset);
      Require.that(
          updates >= updatesSinceReset, "updates", updates, "updates >= " + updatesSinceReset);
      Require.notNegative("resetEpoch", resetEpoch);
      Require.notNegative("updatesSinceDecision", updatesSinceDecision);
    }

    /** Where nothing was proposed or refused since the last reset. */
    public State(
        long updates, long updatesSinceReset, long resetEpoch, Optional<ResetRequest> request) {
      this(updates, updatesSinceReset, resetEpoch, request, Optional.empty(), updatesSinceReset);
    }

    /** Before the first update. */
    public static State initial() {
      return new State(0, 0, 0, Optional.empty());
    }

    private State counted() {
      return new State(
          updates + 1,
          updatesSinceReset + 1,
          resetEpoch,
          request,
          proposal,
          updatesSinceDecision + 1);
    }

    private State proposing(Optional<String> due) {
      return new State(
          updates,
          updatesSinceReset,
          resetEpoch,
          request,
          proposal.or(() -> due),
          updatesSinceDecision);
    }

    private State afterReset() {
      return new State(updates, 0, resetEpoch + 1, Optional.empty());
    }
  }

  /** The state after an update, and what follows from it. */
  public record Transition(State next, ResetDecision decision) {}

  /**
   * An operator asks for a reset. It waits for the next published update; a request that already
   * waits is replaced.
   */
  public State request(State state, ResetRequest request) {
    return decided(state, Optional.of(request), state.updatesSinceDecision);
  }

  /**
   * An operator approves the reset that is proposed: it follows the next published update.
   *
   * @throws IllegalArgumentException if none is
   */
  public State approve(State state, ResetRequest approval) {
    requireProposal(state);
    return decided(state, Optional.of(approval), state.updatesSinceDecision);
  }

  /**
   * An operator refuses the reset that is proposed. A trigger that counts updates counts from here
   * on; one that measures drift proposes again if the next update drifts as far.
   *
   * @throws IllegalArgumentException if none is
   */
  public State refuse(State state) {
    requireProposal(state);
    return decided(state, state.request, 0);
  }

  private static void requireProposal(State state) {
    Require.that(
        state.proposal.isPresent(), "proposal", "none", "a reset that waits for a decision");
  }

  private static State decided(
      State state, Optional<ResetRequest> request, long updatesSinceDecision) {
    return new State(
        state.updates,
        state.updatesSinceReset,
        state.resetEpoch,
        request,
        Optional.empty(),
        updatesSinceDecision);
  }

  /** What follows an update. The initial policy (step 0) changes nothing. */
  public Transition decide(State state, UpdateObserved update) {
    if (update.step() == 0) {
      return new Transition(state, new ResetDecision.Continue());
    }
    State counted = state.counted();
    if (!update.published()) {
      return new Transition(counted, new ResetDecision.Continue());
    }
    Optional<String> due = trigger.due(counted.updatesSinceDecision, update);
    Optional<String> reason =
        counted.request.map(ResetRequest::inWords).or(() -> approval ? Optional.empty() : due);
    return reason
        .map(
            words ->
                new Transition(counted.afterReset(), to.reset(words, counted.updatesSinceReset)))
        .orElseGet(() -> new Transition(counted.proposing(due), new ResetDecision.Continue()));
  }
}
