package org.elasticreset.algorithm;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.elasticreset.algorithm.ResetTrigger.Finding;
import org.elasticreset.algorithm.ResetTrigger.UpdatesSince;

/**
 * Elastic Reset as a pure state machine, Noukhovitch et al. 2023, arXiv 2312.07551, Algorithm 1:
 * (state, update) → (next state, decision). It never sees a weight: whoever calls it moves them.
 *
 * <p>The order at each update: the caller takes the update into the average, asks here, and if the
 * answer is a {@link ResetDecision.Reset} publishes what it says as the policy and then starts the
 * average again from the initial weights.
 *
 * @param trigger when to reset, besides an operator's request
 * @param approvals how many different persons have to approve of a reset that the trigger finds
 *     due, while training goes on; 0: it happens at once
 * @param to what the policy becomes
 */
public record ElasticReset(ResetTrigger trigger, int approvals, ResetTarget to) {
  /**
   * Validates.
   *
   * @throws IllegalArgumentException if fewer than no approvals are asked for, or a controller of
   *     what is kept is to keep nothing
   */
  public ElasticReset {
    Require.notNegative("approvals", approvals);
    Require.that(
        !(trigger instanceof MarginalValue) || to == ResetTarget.AVERAGE,
        "to",
        to,
        "AVERAGE with a trigger by marginal value: a reset to the initial weights keeps nothing");
  }

  /** As in the paper: to the average, without approval. */
  public ElasticReset(ResetTrigger trigger) {
    this(trigger, 0, ResetTarget.AVERAGE);
  }

  /**
   * A reset that is due and waits for a decision.
   *
   * @param reason what fired, in words
   * @param approvals of the persons that have approved of it so far
   */
  public record Proposal(String reason, List<ResetRequest> approvals) {
    /** Copies. */
    public Proposal {
      approvals = List.copyOf(approvals);
    }

    /** That nobody has decided on. */
    public Proposal(String reason) {
      this(reason, List.of());
    }
  }

  /**
   * All that has to be remembered between updates.
   *
   * @param updates updates that entered the average since the run began
   * @param updatesSinceReset of those, the ones since the last reset
   * @param resetEpoch resets so far
   * @param request an operator's request that has not been met yet
   * @param proposal a reset that waits for a decision
   * @param updatesSinceDecision updates since the last reset or refusal of one, at most {@code
   *     updatesSinceReset}
   * @param memory the trigger's
   */
  public record State(
      long updates,
      long updatesSinceReset,
      long resetEpoch,
      Optional<ResetRequest> request,
      Optional<Proposal> proposal,
      long updatesSinceDecision,
      TriggerMemory memory) {
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

    /** Where nothing was proposed or refused since the last reset, and nothing is remembered. */
    public State(
        long updates, long updatesSinceReset, long resetEpoch, Optional<ResetRequest> request) {
      this(
          updates,
          updatesSinceReset,
          resetEpoch,
          request,
          Optional.empty(),
          updatesSinceReset,
          new TriggerMemory.Nothing());
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
          updatesSinceDecision + 1,
          memory);
    }

    private State found(Optional<Proposal> proposed, TriggerMemory next) {
      return new State(
          updates, updatesSinceReset, resetEpoch, request, proposed, updatesSinceDecision, next);
    }

    private State afterReset(TriggerMemory next) {
      return new State(updates, 0, resetEpoch + 1, Optional.empty(), Optional.empty(), 0, next);
    }

    private State decided(Optional<ResetRequest> asked, Optional<Proposal> left) {
      return new State(
          updates, updatesSinceReset, resetEpoch, asked, left, updatesSinceDecision, memory);
    }
  }

  /** The state after an update, and what follows from it. */
  public record Transition(State next, ResetDecision decision) {}

  /**
   * An operator asks for a reset. It waits for the next published update; a request that already
   * waits is replaced.
   */
  public State request(State state, ResetRequest request) {
    return state.decided(Optional.of(request), Optional.empty());
  }

  /**
   * A person approves of the reset that is proposed. With the last approval that it needs it is
   * asked for, and follows the next published update.
   *
   * @throws IllegalArgumentException if none is, or if the same person has approved of it before
   */
  public State approve(State state, ResetRequest approval) {
    Proposal proposal = requireProposal(state);
    Require.that(
        proposal.approvals().stream().noneMatch(approval::isOfSamePersonAs),
        "approval by",
        approval.requestedBy(),
        "another person than those who have approved");
    List<ResetRequest> all = new ArrayList<>(proposal.approvals());
    all.add(approval);
    return all.size() < approvals
        ? state.decided(state.request, Optional.of(new Proposal(proposal.reason(), all)))
        : state.decided(Optional.of(ResetRequest.ofAll(all)), Optional.empty());
  }

  /**
   * An operator refuses the reset that is proposed; one refusal is enough. A trigger that counts
   * updates or steps counts from here on; a drift budget proposes again once the drift was low, and
   * marginal value at the next evaluation that finds so.
   *
   * @throws IllegalArgumentException if none is
   */
  public State refuse(State state) {
    requireProposal(state);
    return new State(
        state.updates,
        state.updatesSinceReset,
        state.resetEpoch,
        state.request,
        Optional.empty(),
        0,
        trigger.afterRefusal(state.memory));
  }

  private static Proposal requireProposal(State state) {
    Require.that(
        state.proposal.isPresent(), "proposal", "none", "a reset that waits for a decision");
    return state.proposal.get();
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
    Finding finding =
        trigger.find(
            counted.memory,
            new UpdatesSince(counted.updatesSinceReset, counted.updatesSinceDecision),
            update);
    Optional<String> reason =
        counted
            .request
            .map(ResetRequest::inWords)
            .or(() -> approvals > 0 ? Optional.empty() : finding.due());
    return reason
        .map(
            words ->
                new Transition(
                    counted.afterReset(trigger.afterReset(finding.memory())),
                    to.reset(words, counted.updatesSinceReset)))
        .orElseGet(
            () ->
                new Transition(
                    counted.found(
                        counted.proposal.or(() -> finding.due().map(Proposal::new)),
                        finding.memory()),
                    new ResetDecision.Continue()));
  }
}
