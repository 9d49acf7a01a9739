package org.elasticreset.learner;

import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.elasticreset.algorithm.CollectedStep;
import org.elasticreset.algorithm.DropReason;
import org.elasticreset.algorithm.EarlierEpoch;
import org.elasticreset.algorithm.Offer;
import org.elasticreset.algorithm.PolicyStamp;
import org.elasticreset.algorithm.StepCollector;
import org.elasticreset.proto.RolloutIds;
import org.elasticreset.proto.v1.Prompt;
import org.elasticreset.proto.v1.PromptBatch;
import org.elasticreset.proto.v1.Purpose;
import org.jboss.logging.Logger;

/**
 * The batches that were issued and what has come back of them. {@link StepCollector} decides what
 * becomes of a rollout; what got lost, or was fenced off by a reset, is issued again.
 */
final class WorkInFlight {

  private static final Logger LOG = Logger.getLogger(WorkInFlight.class);

  private final Inbox inbox;
  private final Outbox outbox;
  private final Duration reissueAfter;
  private final Map<Purpose, Lane> lanes = new EnumMap<>(Purpose.class);
  private PolicyStamp newest = new PolicyStamp(0, 0);

  /** Version that began the reset epoch; work for an older one may come back from before it. */
  private long epochBegan;

  WorkInFlight(Inbox inbox, Outbox outbox, Duration reissueAfter, EarlierEpoch earlierEpoch) {
    this.inbox = inbox;
    this.outbox = outbox;
    this.reissueAfter = reissueAfter;
    lanes.put(Purpose.TRAINING, new Lane(new StepCollector(earlierEpoch, newest)));
    lanes.put(Purpose.EVALUATION, new Lane(new StepCollector(EarlierEpoch.DROP, newest)));
  }

  /** Issues the batches of a step, or of the evaluation behind it. */
  void issue(long step, List<PromptBatch> batches) {
    Lane lane = lane(batches.get(0).getPurpose());
    lane.collector.admit(
        step,
        batches.stream()
            .flatMap(batch -> batch.getPromptsList().stream())
            .map(Prompt::getRolloutId)
            .toList());
    for (PromptBatch batch : batches) {
      lane.batches.put(batch.getBatchId(), batch);
      outbox.issue(batch);
    }
  }

  /** Waits until the oldest step of that purpose is complete, and takes it out. */
  CollectedWork await(Purpose purpose) throws InterruptedException {
    Lane lane = lane(purpose);
    while (true) {
      var step = lane.collector.takeNext();
      if (step.isPresent()) {
        return lane.takeOut(step.get());
      }
      ReceivedRollout received = inbox.poll(reissueAfter);
      if (received == null) {
        reissueMissing();
      } else {
        offer(received);
      }
    }
  }

  /** Tells that this policy was published and is trained from now on. */
  void trainingContinuesWith(PolicyStamp policy) {
    boolean reset = newest.isOfEarlierEpochThan(policy);
    newest = policy;
    if (reset) {
      epochBegan = policy.version();
    }
    for (Lane lane : lanes.values()) {
      lane.collector.trainingContinuesWith(policy);
      if (reset) {
        lane.missing().stream()
            .filter(id -> lane.received.remove(id) != null)
            .map(RolloutIds::batchId)
            .distinct()
            .forEach(batchId -> reissueFenced(lane, batchId));
      }
    }
  }

  /** Rollouts dropped since the run began, by reason, every reason named. */
  Map<String, Long> dropped() {
    Map<String, Long> dropped = new TreeMap<>();
    for (Lane lane : lanes.values()) {
      lane.collector
          .dropped()
          .forEach((reason, count) -> dropped.merge(name(reason), count, Long::sum));
    }
    return dropped;
  }

  private void offer(ReceivedRollout received) {
    String id = received.rollout().id();
    Lane lane = lane(received.purpose());
    if (lane.collector.offer(received.rollout()) instanceof Offer.Dropped dropped) {
      LOG.debugf("rollout dropped id=%s reason=%s", id, name(dropped.reason()));
      if (dropped.reason() == DropReason.STALE_EPOCH) {
        reissueFenced(lane, RolloutIds.batchId(id));
      }
    } else {
      lane.received.put(id, received);
    }
  }

  /** Once for each batch and epoch, though its rollouts come back one by one. */
  private void reissueFenced(Lane lane, String batchId) {
    PromptBatch batch = lane.batches.get(batchId);
    if (batch != null && batch.getMinimumPolicyVersion() < epochBegan) {
      reissue(lane, batch, "stale-epoch");
    }
  }

  private void reissueMissing() {
    for (Lane lane : lanes.values()) {
      lane.missing().stream()
          .map(RolloutIds::batchId)
          .distinct()
          .map(lane.batches::get)
          .forEach(batch -> reissue(lane, batch, "missing"));
    }
  }

  private void reissue(Lane lane, PromptBatch batch, String reason) {
    LOG.infof("batch issued again id=%s reason=%s", batch.getBatchId(), reason);
    PromptBatch again = batch.toBuilder().setMinimumPolicyVersion(newest.version()).build();
    lane.batches.put(again.getBatchId(), again);
    outbox.issue(again);
  }

  private Lane lane(Purpose purpose) {
    Lane lane = lanes.get(purpose);
    if (lane == null) {
      throw new IllegalArgumentException(
          "purpose: " + purpose + " (expected: TRAINING or EVALUATION)");
    }
    return lane;
  }

  static String name(DropReason reason) {
    return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * The rollouts of one step or evaluation, complete and in the order in which they were issued.
   *
   * @param stalenessMax published versions by which the oldest policy among them is behind
   * @param fromEarlierEpoch ids of those that a policy from before the last reset drew
   */
  record CollectedWork(
      List<ReceivedRollout> rollouts, long stalenessMax, Set<String> fromEarlierEpoch) {}

  /** Training and evaluation never mix. */
  private static final class Lane {
    final StepCollector collector;
    final Map<String, PromptBatch> batches = new LinkedHashMap<>();
    final Map<String, ReceivedRollout> received = new HashMap<>();

    Lane(StepCollector collector) {
      this.collector = collector;
    }

    List<String> missing() {
      return collector.awaitedSteps().stream()
          .flatMap(step -> collector.missing(step).stream())
          .toList();
    }

    CollectedWork takeOut(CollectedStep step) {
      List<ReceivedRollout> rollouts =
          step.rollouts().stream().map(rollout -> received.get(rollout.id())).toList();
      for (ReceivedRollout rollout : rollouts) {
        received.remove(rollout.rollout().id());
        batches.remove(RolloutIds.batchId(rollout.rollout().id()));
      }
      return new CollectedWork(
          rollouts, step.stalenessMax(), new LinkedHashSet<>(step.fromEarlierEpoch()));
    }
  }
}
