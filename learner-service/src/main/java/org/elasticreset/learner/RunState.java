package org.elasticreset.learner;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.elasticreset.algorithm.DropReason;
import org.elasticreset.algorithm.PolicyStamp;
import org.elasticreset.algorithm.Rollback;
import org.elasticreset.algorithm.RolloutLedger;
import org.elasticreset.learner.ActionMasks.Mask;
import org.elasticreset.learner.EmaService.Standing;
import org.elasticreset.learner.WorkInFlight.Books;
import org.elasticreset.proto.v1.Accounting;
import org.elasticreset.proto.v1.LearnerCheckpoint;

/**
 * Where a run stands behind a step, all but its weights; translates to and from a checkpoint.
 *
 * @param optimizerSteps since the run began
 * @param klCoefficient of the next step's penalty
 * @param rewardBaseline of the next step, where the algorithm keeps a moving one
 * @param eventSequence of the newest event that was told
 * @param mask the policy that masks the steps that follow
 * @param books what became of the rollouts; as read from a checkpoint, without what was in flight
 */
record RunState(
    Standing standing,
    long updatesSinceReset,
    long optimizerSteps,
    double klCoefficient,
    OptionalDouble rewardBaseline,
    long eventSequence,
    Mask mask,
    Books books) {

  /** For the checkpoint, with what is in flight beside it. */
  LearnerCheckpoint.Builder message(WorkInFlight inFlight) {
    LearnerCheckpoint.Builder message =
        LearnerCheckpoint.newBuilder()
            .setStep(standing.step())
            .setPolicyVersion(standing.policy().version())
            .setResetEpoch(standing.policy().resetEpoch())
            .setPolicyDigest(standing.digest())
            .setUpdatesSinceReset(updatesSinceReset)
            .setOptimizerSteps(optimizerSteps)
            .setKlCoefficient(klCoefficient)
            .setEventSequence(eventSequence)
            .setMaskPolicyVersion(mask.version())
            .setMaskStep(mask.step())
            .putAllScoredRolloutsOffsets(books.offsets())
            .setAccounting(accounting(books, inFlight));
    rewardBaseline.ifPresent(message::setRewardBaseline);
    for (Rollback rollback : books.rollbacks()) {
      message
          .addRollbacksBuilder()
          .setVersion(rollback.version())
          .setRepublishedAs(rollback.republishedAs());
    }
    return message;
  }

  static Accounting accounting(Books books, WorkInFlight inFlight) {
    RolloutLedger ledger = books.ledger();
    return Accounting.newBuilder()
        .setAdmitted(ledger.admitted())
        .setReceived(ledger.received())
        .setTrained(ledger.trained())
        .setEvaluated(ledger.evaluated())
        .setDiscarded(ledger.discarded())
        .setInFlight(inFlight.inFlight())
        .setWaiting(inFlight.waiting())
        .putAllDropped(WorkInFlight.byName(ledger.dropped()))
        .build();
  }

  static RunState of(LearnerCheckpoint message) {
    PolicyStamp policy = new PolicyStamp(message.getPolicyVersion(), message.getResetEpoch());
    Accounting accounting = message.getAccounting();
    Map<DropReason, Long> dropped = new EnumMap<>(DropReason.class);
    for (DropReason reason : DropReason.values()) {
      dropped.put(reason, accounting.getDroppedOrDefault(WorkInFlight.name(reason), 0));
    }
    RolloutLedger ledger =
        new RolloutLedger(
                accounting.getAdmitted(),
                accounting.getReceived(),
                accounting.getTrained(),
                accounting.getEvaluated(),
                accounting.getDiscarded(),
                dropped)
            .withoutFlight(accounting.getInFlight(), accounting.getWaiting());
    List<Rollback> rollbacks =
        message.getRollbacksList().stream()
            .map(rollback -> new Rollback(rollback.getVersion(), rollback.getRepublishedAs()))
            .toList();
    return new RunState(
        new Standing(message.getStep(), policy, message.getPolicyDigest()),
        message.getUpdatesSinceReset(),
        message.getOptimizerSteps(),
        message.getKlCoefficient(),
        message.hasRewardBaseline()
            ? OptionalDouble.of(message.getRewardBaseline())
            : OptionalDouble.empty(),
        message.getEventSequence(),
        new Mask(message.getMaskStep(), message.getMaskPolicyVersion()),
        new Books(
            message.getStep(),
            policy,
            ledger,
            new TreeMap<>(message.getScoredRolloutsOffsetsMap()),
            rollbacks));
  }

  /**
   * The books of a run that goes on, with one more rollback if the policy had to be republished.
   */
  Books booksGoingOnAs(PolicyStamp newest) {
    List<Rollback> rollbacks = new ArrayList<>(books.rollbacks());
    if (newest.version() > standing.policy().version()) {
      rollbacks.add(new Rollback(standing.policy().version(), newest.version()));
    }
    return new Books(books.step(), newest, books.ledger(), books.offsets(), rollbacks);
  }
}
