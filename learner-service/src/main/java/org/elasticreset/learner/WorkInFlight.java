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
import org.elasticreset.algorithm.Rollback;
import org.elasticreset.algorithm.RolloutLedger;
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

  /** With the usual minute 17 hours: less than the topics keep. */
  private static final int MOST_DOUBLINGS = 10;

  private final EmaService emaService;
  private final Inbox inbox;
  private final Outbox outbox;
  private final Duration reissueAfter;
  private final List<Rollback> rollbacks;
  private final Map<Purpose, Lane> lanes = new EnumMap<>(Purpose.class);

  /** By partition of {@code scored-rollouts}: the record behind the newest that came. */
  private final Map<Integer, Long> nextOffsets;

  private PolicyStamp newest;
  private RolloutLedger ledger;

  /** How often in a row nothing came within {@link #reissueAfter}. */
  private int silences;

  /** Version that began the reset epoch; work for an older one may come back from before it. */
  private long epochBegan;

  /** With nothing in flight, behind the step that the books say. */
  WorkInFlight(
      LearnerConfig config, EmaService emaService, Inbox inbox, Outbox outbox, Books books) {
    this.emaService = emaService;
    this.inbox = inbox;
    this.outbox = outbox;
    this.reissueAfter = config.reissueAfter();
    this.newest = books.policy();
    this.ledger = books.ledger();
    this.rollbacks = books.rollbacks();
    this.nextOffsets = new TreeMap<>(books.offsets());
    long step = books.step();
    lanes.put(
        Purpose.TRAINING,
        new Lane(
            new StepCollector(
                config.earlierEpoch(), config.maxStaleness(), newest, step, step, rollbacks)));
    // The evaluation behind a step comes after its checkpoint.
    lanes.put(
        Purpose.EVALUATION,
        new Lane(new StepCollector(EarlierEpoch.DROP, 0, newest, step, step - 1, rollbacks)));
  }

  /**
   * What is known of the work, for a checkpoint.
   *
   * @param step that is done; −1 before the run began
   * @param policy of that step
   * @param offsets by partition of {@code scored-rollouts}, of the first record that is needed
   */
  record Books(
      long step,
      PolicyStamp policy,
      RolloutLedger ledger,
      Map<Integer, Long> offsets,
      List<Rollback> rollbacks) {

    /** Of a run that begins. */
    static Books empty() {
      return new Books(-1, new PolicyStamp(0, 0), RolloutLedger.empty(), Map.of(), List.of());
    }
  }

  /**
   * The books behind a step, checked.
   *
   * @throws IllegalStateException if a rollout was lost or used twice
   */
  Books books(long step, PolicyStamp policy) {
    ledger.requireBalanced(inFlight(), waiting());
    Map<Integer, Long> offsets = new TreeMap<>(nextOffsets);
    for (Lane lane : lanes.values()) {
      for (ReceivedRollout waiting : lane.received.values()) {
        offsets.merge(waiting.source().partition(), waiting.source().offset(), Math::min);
      }
    }
    return new Books(step, policy, ledger, offsets, rollbacks);
  }

  /** Rollouts that are asked for and not used yet. */
  long inFlight() {
    return lanes.values().stream().mapToLong(lane -> lane.collector.awaited()).sum();
  }

  /** Of these, the ones that are here. */
  long waiting() {
    return lanes.values().stream().mapToLong(lane -> lane.received.size()).sum();
  }

  /** The rollouts were learnt from, by an update that both sides have. */
  void trained(CollectedWork work) {
    ledger = ledger.train(work.rollouts().size());
  }

  void evaluated(CollectedWork work) {
    ledger = ledger.evaluate(work.rollouts().size());
  }

  /** The update that was learnt from the rollouts is discarded. */
  void discarded(CollectedWork work) {
    ledger = ledger.discard(work.rollouts().size());
  }

  /** Issues the batches of a step, or of the evaluation behind it. */
  void issue(long step, List<PromptBatch> batches) {
    Lane lane = lane(batches.get(0).getPurpose());
    List<String> ids =
        batches.stream()
            .flatMap(batch -> batch.getPromptsList().stream())
            .map(Prompt::getRolloutId)
            .toList();
    long behindStep = lane == lane(Purpose.TRAINING) ? step - 1 : step;
    lane.collector.admit(step, behindStep, ids);
    ledger = ledger.admit(ids.size());
    for (PromptBatch batch : batches) {
      lane.batches.put(batch.getBatchId(), batch);
    }
    outbox.issueAll(batches);
  }

  /**
   * Waits until the oldest step of that purpose is complete, and takes it out; one that is complete
   * waits for nothing, not for the broker to take the batches of a later step either.
   *
   * @throws EmaServiceException if the version that is waited for is lost
   */
  CollectedWork await(Purpose purpose) throws InterruptedException {
    Lane lane = lane(purpose);
    while (true) {
      var step = lane.collector.takeNext();
      if (step.isPresent()) {
        return lane.takeOut(step.get());
      }
      outbox.awaitIssued();
      ReceivedRollout received = inbox.poll(reissueAfter);
      if (received == null) {
        silences++;
        emaService.requireServed(newest);
        reissueMissing();
      } else {
        silences = 0;
        offer(received);
      }
    }
  }

  /** Tells that the policy of that step was published and is trained from now on. */
  void trainingContinuesWith(PolicyStamp policy, long step) {
    boolean reset = newest.isOfEarlierEpochThan(policy);
    newest = policy;
    if (reset) {
      epochBegan = policy.version();
    }
    for (Lane lane : lanes.values()) {
      List<String> fenced = lane.collector.trainingContinuesWith(policy, step);
      for (String id : fenced) {
        lane.received.remove(id);
        ledger = ledger.drop(DropReason.STALE_EPOCH);
      }
      fenced.stream()
          .map(RolloutIds::batchId)
          .distinct()
          .forEach(batchId -> reissueFenced(lane, batchId));
    }
  }

  /** Rollouts dropped since the run began, by reason. */
  Map<String, Long> dropped() {
    return byName(ledger.dropped());
  }

  /** Every reason is named, but for the one that only runs have in which people are asked. */
  static Map<String, Long> byName(Map<DropReason, Long> dropped) {
    Map<String, Long> byName = new TreeMap<>();
    dropped.forEach(
        (reason, count) -> {
          if (reason != DropReason.SUPERSEDED || count > 0) {
            byName.put(name(reason), count);
          }
        });
    return byName;
  }

  private void offer(ReceivedRollout received) {
    String id = received.rollout().id();
    Lane lane = lane(received.purpose());
    nextOffsets.put(received.source().partition(), received.source().offset() + 1);
    ledger = ledger.receive();
    Offer offer = lane.collector.offer(received.targetStep(), received.rollout());
    if (offer instanceof Offer.Dropped dropped) {
      ledger = ledger.drop(dropped.reason());
      LOG.debugf("rollout dropped id=%s reason=%s", id, name(dropped.reason()));
      if (dropped.reason() == DropReason.STALE_EPOCH) {
        reissueFenced(lane, RolloutIds.batchId(id));
      }
    } else {
      if (offer instanceof Offer.Replaced) {
        ledger = ledger.drop(DropReason.SUPERSEDED);
        LOG.debugf("rollout rescored id=%s revision=%d", id, received.rollout().scoreRevision());
      }
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

  /** Whatever has not come back, each batch after twice the silence of the time before. */
  private void reissueMissing() {
    for (Lane lane : lanes.values()) {
      lane.missing().stream()
          .map(RolloutIds::batchId)
          .distinct()
          .filter(batchId -> silences >= 1 << lane.doublings(batchId))
          .map(lane.batches::get)
          .toList()
          .forEach(
              batch -> {
                lane.reissues.merge(batch.getBatchId(), 1, Integer::sum);
                reissue(lane, batch, "missing");
              });
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
   * @param fromOlderPolicy ids of those that another policy than the one that is trained drew
   */
  record CollectedWork(
      List<ReceivedRollout> rollouts,
      long stalenessMax,
      Set<String> fromEarlierEpoch,
      Set<String> fromOlderPolicy) {}

  /** Training and evaluation never mix. */
  private static final class Lane {
    final StepCollector collector;
    final Map<String, PromptBatch> batches = new LinkedHashMap<>();

    /** How often a batch was issued again because it was missing. */
    final Map<String, Integer> reissues = new HashMap<>();

    final Map<String, ReceivedRollout> received = new HashMap<>();

    Lane(StepCollector collector) {
      this.collector = collector;
    }

    List<String> missing() {
      return collector.awaitedSteps().stream()
          .flatMap(step -> collector.missing(step).stream())
          .toList();
    }

    /** Workers that are only slow find each copy in front of the work that follows. */
    int doublings(String batchId) {
      return Math.min(MOST_DOUBLINGS, reissues.getOrDefault(batchId, 0));
    }

    CollectedWork takeOut(CollectedStep step) {
      List<ReceivedRollout> rollouts =
          step.rollouts().stream().map(rollout -> received.get(rollout.id())).toList();
      for (ReceivedRollout rollout : rollouts) {
        received.remove(rollout.rollout().id());
        String batchId = RolloutIds.batchId(rollout.rollout().id());
        batches.remove(batchId);
        reissues.remove(batchId);
      }
      return new CollectedWork(
          rollouts,
          step.stalenessMax(),
          new LinkedHashSet<>(step.fromEarlierEpoch()),
          new LinkedHashSet<>(step.fromOlderPolicy()));
    }
  }
}
