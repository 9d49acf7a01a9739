package org.elasticreset.ema;

import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.elasticreset.algorithm.ResetRequest;
import org.elasticreset.proto.v1.AuditEvent;
import org.elasticreset.proto.v1.AuditFigures;
import org.elasticreset.proto.v1.PolicyVersion;
import org.elasticreset.proto.v1.TrainingEvent;
import org.elasticreset.proto.v1.Update;
import org.jboss.logging.Logger;

/**
 * Who did what about the run, when, why, and what was known of the policy then: in the journal
 * before it is done, and on {@code training-events} at least once. Whoever records them knows a
 * copy by its id.
 */
final class AuditLog {

  static final String PROPOSED = "reset-proposed";
  static final String APPROVED = "reset-approved";
  static final String REFUSED = "reset-refused";
  static final String REQUESTED = "reset-requested";
  static final String DONE = "reset-done";
  static final String PAUSED = "run-paused";
  static final String LET_GO = "run-resumed";

  private static final Logger LOG = Logger.getLogger(AuditLog.class);
  private static final String SERVICE = "ema-service";

  private final String runId;
  private final AuditJournal journal;
  private final AuditTopic topic;
  private final Clock clock;
  private final List<TrainingEvent> events = new ArrayList<>();
  private AuditFigures figures = AuditFigures.getDefaultInstance();

  AuditLog(String runId, AuditJournal journal, AuditTopic topic, Clock clock) {
    this.runId = runId;
    this.journal = journal;
    this.topic = topic;
    this.clock = clock;
  }

  /** What the disk has, at the start. */
  void load() throws IOException {
    events.addAll(journal.load());
  }

  /** Sends all events again: some of them may not have arrived before this service died. */
  void publishAll() {
    events.forEach(this::publish);
  }

  /** What the learner says with a published update; of a step it may say nothing. */
  void observed(Update update) {
    var newest = figures.toBuilder().clearRewardMean().clearKlToInitialNats();
    if (update.hasRewardMean()) {
      newest.setRewardMean(update.getRewardMean());
    }
    if (update.hasKlToInitialNats()) {
      newest.setKlToInitialNats(update.getKlToInitialNats());
    }
    if (update.hasEvaluation()) {
      newest.setEvaluation(update.getEvaluation());
    }
    figures = newest.build();
  }

  /** The learner goes back: what it said last is of steps that are abandoned. */
  void nothingObserved() {
    figures = AuditFigures.getDefaultInstance();
  }

  /** A person does something, where the run stands as {@code view} says. */
  void byPerson(String action, ResetRequest by, View view) throws IOException {
    String proof = Gatekeeper.proof().orElse("claimed");
    append(
        AuditEvent.newBuilder()
            .setId("%s-%d".formatted(action, events.size() + 1))
            .setAction(action)
            .setWho(by.requestedBy())
            .setProof(proof)
            .setWhy(by.reason()),
        view.standing(),
        view.reset().updatesSinceReset());
  }

  /**
   * This service proposes or does a reset; said again for the same update, it is the same event.
   *
   * @param policy that the update leads to
   * @param updatesSinceReset that update counted; of a reset, those that it ends
   */
  void byService(String action, String why, PolicyVersion policy, long updatesSinceReset)
      throws IOException {
    String id =
        "%s-%d-%d-%d"
            .formatted(action, policy.getResetEpoch(), policy.getStep(), updatesSinceReset);
    if (events.stream().noneMatch(event -> event.getAudit().getId().equals(id))) {
      append(
          AuditEvent.newBuilder()
              .setId(id)
              .setAction(action)
              .setWho(SERVICE)
              .setProof("service")
              .setWhy(why),
          policy,
          updatesSinceReset);
    }
  }

  private void append(AuditEvent.Builder audit, PolicyVersion policy, long updatesSinceReset)
      throws IOException {
    var event =
        TrainingEvent.newBuilder()
            .setRunId(runId)
            .setStep(policy.getStep())
            .setPolicyVersion(policy.getVersion())
            .setResetEpoch(policy.getResetEpoch())
            .setTimeMillis(clock.millis())
            .setAudit(audit.setFigures(figures.toBuilder().setUpdatesSinceReset(updatesSinceReset)))
            .build();
    journal.append(event);
    events.add(event);
    publish(event);
  }

  private void publish(TrainingEvent event) {
    try {
      topic.publish(event);
    } catch (RuntimeException e) {
      LOG.warnf("audit event not published yet id=%s reason=\"%s\"", event.getAudit().getId(), e);
    }
  }

  /** What persons have decided in an epoch. */
  Decisions decisions(long epoch) {
    return Decisions.of(events, epoch);
  }

  /** Whether a person holds the run, by the last word on that; empty if there is none. */
  Optional<TrainingEvent> lastWordOnPause() {
    return events.stream()
        .filter(
            event ->
                event.getAudit().getAction().equals(PAUSED)
                    || event.getAudit().getAction().equals(LET_GO))
        .reduce((earlier, later) -> later);
  }
}
