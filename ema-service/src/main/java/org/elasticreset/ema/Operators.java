package org.elasticreset.ema;

import java.io.IOException;
import org.elasticreset.algorithm.ElasticReset;
import org.elasticreset.algorithm.ResetRequest;
import org.elasticreset.proto.v1.PauseRequest;

/**
 * What persons do about the run: they ask for a reset, decide on one, hold the run and let it go.
 * All of it is in the audit log before it is done, and what a process that died had not done is
 * done when the next one starts.
 */
final class Operators {

  private final Object lock;
  private final RunStart start;
  private final ElasticReset elasticReset;
  private final Versions versions;
  private final Pause pause;
  private final AuditLog audit;

  /**
   * Of a run.
   *
   * @param lock that updates of the run hold
   */
  Operators(
      Object lock,
      RunStart start,
      ElasticReset elasticReset,
      Versions versions,
      Pause pause,
      AuditLog audit) {
    this.lock = lock;
    this.start = start;
    this.elasticReset = elasticReset;
    this.versions = versions;
    this.pause = pause;
    this.audit = audit;
  }

  /** An operator wants a reset; it follows the next published update, even across a restart. */
  View request(String ofRun, ResetRequest request) {
    synchronized (lock) {
      start.require(ofRun);
      var next = elasticReset.request(versions.view().reset(), request);
      return done(AuditLog.REQUESTED, request, () -> versions.request(next, request));
    }
  }

  /**
   * A person decides on the reset that is proposed. With the last approval that it needs it is
   * asked for from now on.
   */
  View decide(String ofRun, boolean approve, ResetRequest by) {
    synchronized (lock) {
      start.require(ofRun);
      var state = versions.view().reset();
      if (state.proposal().isEmpty()) {
        throw Refusals.precondition(
            "decide_reset: no reset is proposed (expected: one that waits for a decision; see"
                + " GetStatus)");
      }
      if (!approve) {
        var refused = elasticReset.refuse(state);
        return done(AuditLog.REFUSED, by, () -> versions.decided(refused));
      }
      var next = approved(state, by);
      return done(
          AuditLog.APPROVED,
          by,
          () -> {
            if (next.request().isPresent()) {
              versions.request(next, next.request().get());
            } else {
              versions.decided(next);
            }
          });
    }
  }

  private ElasticReset.State approved(ElasticReset.State state, ResetRequest by) {
    try {
      return elasticReset.approve(state, by);
    } catch (IllegalArgumentException e) {
      throw Refusals.precondition("decide_reset: " + e.getMessage());
    }
  }

  /** A person holds the run behind the next checkpointed step. */
  void hold(String ofRun, ResetRequest by) {
    synchronized (lock) {
      start.require(ofRun);
      var asked =
          PauseRequest.newBuilder()
              .setRunId(ofRun)
              .setRequestedBy(by.requestedBy())
              .setReason(by.reason())
              .build();
      done(AuditLog.PAUSED, by, () -> pause.begin(asked));
    }
  }

  /** A person lets the run go on. */
  void letGo(String ofRun, ResetRequest by) {
    synchronized (lock) {
      start.require(ofRun);
      done(AuditLog.LET_GO, by, pause::end);
    }
  }

  /** On the record first, then done: what dies in between is done at the next start. */
  private View done(String action, ResetRequest by, Act act) {
    try {
      audit.byPerson(action, by, versions.view());
      act.run();
    } catch (IOException e) {
      throw Refusals.disk("the request", e);
    }
    return versions.view();
  }

  private interface Act {
    void run() throws IOException;
  }

  /** Persons that have still to approve of the reset that is proposed; 0 if none is. */
  int approvalsMissing() {
    return versions
        .view()
        .reset()
        .proposal()
        .map(proposal -> elasticReset.approvals() - proposal.approvals().size())
        .orElse(0);
  }
}
