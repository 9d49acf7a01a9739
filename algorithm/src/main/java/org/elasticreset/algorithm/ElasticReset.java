package org.elasticreset.algorithm;

import java.util.Optional;

/**
 * Elastic Reset as a pure state machine, Noukhovitch et al. 2023, arXiv 2312.07551, Algorithm 1:
 * (state, update) → (next state, decision). It never sees a weight: whoever calls it moves them.
 *
 * <p>The order at each update: the caller takes the update into the average, asks here, and if the
 * answer is {@link ResetDecision.ResetToAverage} publishes the average as the policy and then
 * starts the average again from the initial weights.
 *
 * @param trigger when to reset, besides an operator's request
 */
public record ElasticReset(ResetTrigger trigger) {
  /**
   * All that has to be remembered between updates.
   *
   * @param updates updates that entered the average since the run began
   * @param updatesSinceReset of those, the ones since the last reset
   * @param resetEpoch resets so far
   * @param request an operator's request that has not been met yet
   */
  public record State(
      long updates, long updatesSinceReset, long resetEpoch, Optional<ResetRequest> request) {
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
    }

    /** Before the first update. */
    public static State initial() {
      return new State(0, 0, 0, Optional.empty());
    }

    private State counted() {
      return new State(updates + 1, updatesSinceReset + 1, resetEpoch, request);
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
    return new State(
        state.updates, state.updatesSinceReset, state.resetEpoch, Optional.of(request));
  }

  /** What follows an update. The initial policy (step 0) changes nothing. */
  public Transition decide(State state, UpdateObserved update) {
    if (update.step() == 0) {
      return new Transition(state, new ResetDecision.Continue());
    }
    State counted = state.counted();
    Optional<String> reason = update.published() ? reason(counted, update) : Optional.empty();
    return reason
        .map(
            words ->
                new Transition(
                    counted.afterReset(),
                    new ResetDecision.ResetToAverage(words, counted.updatesSinceReset)))
        .orElseGet(() -> new Transition(counted, new ResetDecision.Continue()));
  }

  private Optional<String> reason(State counted, UpdateObserved update) {
    return counted
        .request
        .map(ResetRequest::inWords)
        .or(() -> trigger.due(counted.updatesSinceReset, update));
  }
}
