package org.elasticreset.ema;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.elasticreset.algorithm.ElasticReset;
import org.elasticreset.algorithm.ElasticReset.Proposal;
import org.elasticreset.algorithm.ElasticReset.State;
import org.elasticreset.algorithm.ResetRequest;
import org.elasticreset.proto.v1.TrainingEvent;

/**
 * What persons have decided in one reset epoch, by the journal: what they were told stands,
 * whatever became of the service in between.
 *
 * @param proposed why a reset is proposed that nobody has refused; empty if none is
 * @param approvals of it
 * @param requested a reset that somebody asked for
 * @param refusedAfter updates since the last reset when one was refused; −1 if none was
 */
record Decisions(
    Optional<String> proposed,
    List<ResetRequest> approvals,
    Optional<ResetRequest> requested,
    long refusedAfter) {

  /** Of the events of an epoch, in the order of the journal. */
  static Decisions of(List<TrainingEvent> journal, long epoch) {
    var decisions = new Decisions(Optional.empty(), List.of(), Optional.empty(), -1);
    for (var event : journal) {
      if (event.getResetEpoch() == epoch) {
        decisions = decisions.and(event);
      }
    }
    return decisions;
  }

  private Decisions and(TrainingEvent event) {
    var audit = event.getAudit();
    return switch (audit.getAction()) {
      case AuditLog.PROPOSED ->
          new Decisions(Optional.of(audit.getWhy()), List.of(), requested, refusedAfter);
      case AuditLog.APPROVED -> {
        var all = new ArrayList<>(approvals);
        all.add(new ResetRequest(audit.getWho(), audit.getWhy()));
        yield new Decisions(proposed, List.copyOf(all), requested, refusedAfter);
      }
      case AuditLog.REFUSED ->
          new Decisions(
              Optional.empty(), List.of(), requested, audit.getFigures().getUpdatesSinceReset());
      case AuditLog.REQUESTED ->
          new Decisions(
              Optional.empty(),
              List.of(),
              Optional.of(new ResetRequest(audit.getWho(), audit.getWhy())),
              refusedAfter);
      default -> this;
    };
  }

  /** The state of a snapshot, with what was decided behind it. */
  State applied(ElasticReset elasticReset, State state) {
    if (state.request().isPresent()) {
      return state;
    }
    if (requested.isPresent()) {
      return elasticReset.request(state, requested.get());
    }
    if (proposed.isPresent()) {
      var decided = proposing(state, new Proposal(proposed.get()));
      for (var approval : approvals) {
        decided =
            decided.proposal().isPresent() ? elasticReset.approve(decided, approval) : decided;
      }
      return decided;
    }
    boolean refused = state.proposal().isPresent() && state.updatesSinceReset() <= refusedAfter;
    return refused ? elasticReset.refuse(state) : state;
  }

  private static State proposing(State state, Proposal proposal) {
    return new State(
        state.updates(),
        state.updatesSinceReset(),
        state.resetEpoch(),
        state.request(),
        Optional.of(proposal),
        state.updatesSinceDecision(),
        state.memory());
  }
}
