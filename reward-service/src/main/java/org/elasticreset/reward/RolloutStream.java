package org.elasticreset.reward;

import io.opentelemetry.context.Context;
import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.ChannelRegistry;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.elasticreset.batches.DeadLetterHealth;
import org.elasticreset.batches.WorkUnderWay;
import org.elasticreset.proto.Untrusted;
import org.elasticreset.proto.v1.RolloutBatch;
import org.elasticreset.reward.RolloutScorer.Scored;
import org.elasticreset.reward.learned.LearnedReward;
import org.elasticreset.reward.raters.CaseRouting.Routed;
import org.elasticreset.reward.raters.RaterStage;
import org.elasticreset.tracing.BatchSpan;
import org.elasticreset.tracing.OpenSpan;
import org.elasticreset.tracing.TraceKeys;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * From {@code rollouts} to {@code scored-rollouts}, one batch at a time on one thread, but for what
 * waits for people. A batch is acknowledged once Kafka has all its scores and cases; one that comes
 * again is scored again, and the learner and the desk drop what they have.
 */
@ApplicationScoped
class RolloutStream {

  private static final String ROLLOUTS = "rollouts";
  private static final Logger LOG = Logger.getLogger(RolloutStream.class);

  private final RolloutScorer scorer;
  private final RewardMetrics metrics;
  private final DeadLetterHealth deadLetters;
  private final RewardSettings settings;
  private final ReceiverStage receiver;
  private final LearnedStage learned;
  private final RaterStage raters;
  private final ScoredRollouts scoredRollouts;
  private final WorkUnderWay underWay = new WorkUnderWay();

  @Inject
  RolloutStream(
      RolloutScorer scorer,
      RewardMetrics metrics,
      @Liveness DeadLetterHealth deadLetters,
      RewardSettings settings,
      ReceiverStage receiver,
      LearnedStage learned,
      RaterStage raters,
      ScoredRollouts scoredRollouts) {
    this.scorer = scorer;
    this.metrics = metrics;
    this.deadLetters = deadLetters;
    this.settings = settings;
    this.receiver = receiver;
    this.learned = learned;
    this.raters = raters;
    this.scoredRollouts = scoredRollouts;
  }

  @Incoming(ROLLOUTS)
  @Blocking("scoring")
  CompletionStage<Void> score(Message<RolloutBatch> rollouts) throws InterruptedException {
    underWay.begin();
    try (OpenSpan span = BatchSpan.begin(rollouts, "rollouts wait", "score")) {
      return score(rollouts, span);
    }
  }

  private CompletionStage<Void> score(Message<RolloutBatch> rollouts, OpenSpan span)
      throws InterruptedException {
    @Nullable RolloutBatch batch = rollouts.getPayload();
    try {
      if (batch == null) {
        throw new RejectedRollouts(
            RejectReason.INVALID, "record: a tombstone (expected: a batch of rollouts)");
      }
      span.span()
          .setAttribute(TraceKeys.BATCH_ID, Untrusted.shown(batch.getBatchId()))
          .setAttribute(TraceKeys.ROLLOUTS, (long) batch.getRolloutsCount());
      long start = System.nanoTime();
      Scored result = scorer.score(batch);
      metrics.scored(result.scored(), System.nanoTime() - start);
      Routed routed = raters.route(result.scored());
      send(routed, span.context());
      LOG.debugf("batch scored batch=%s rollouts=%d", batch.getBatchId(), result.scored().size());
      if (!result.unscorable().isEmpty()) {
        throw new RejectedRollouts(
            RejectReason.NON_FINITE_SCORE,
            "rollouts " + result.unscorable() + " (expected: a finite score)");
      }
      return ended(rollouts.ack());
    } catch (RejectedRollouts e) {
      span.failed(e.reason().label());
      return refuse(rollouts, e);
    } catch (InterruptedException e) {
      // The service stops: the batch was not refused, and is not acknowledged.
      underWay.end();
      throw e;
    } catch (RuntimeException e) {
      // Thrown on, it would end the channel for good.
      span.failed(RejectReason.SCORING_FAILED.label());
      return refuse(rollouts, new RejectedRollouts(RejectReason.SCORING_FAILED, e.toString(), e));
    }
  }

  private CompletionStage<Void> refuse(Message<RolloutBatch> rollouts, RejectedRollouts rejected) {
    @Nullable RolloutBatch batch = rollouts.getPayload();
    metrics.rejected(rejected.reason());
    LOG.warnf(
        rejected.getCause(),
        "batch refused batch=%s reason=%s detail=\"%s\"",
        batch == null ? "" : Untrusted.shown(batch.getBatchId()),
        rejected.reason().label(),
        rejected.getMessage());
    return ended(deadLetters.watch(rollouts.nack(rejected)));
  }

  private CompletionStage<Void> ended(CompletionStage<Void> acknowledgement) {
    return acknowledgement.whenComplete((done, failure) -> underWay.end());
  }

  /** Lets the batch under way end and be acknowledged, and takes no other. */
  void onStop(@Observes ShutdownEvent event, ChannelRegistry channels) throws InterruptedException {
    var incoming = channels.getPausable(ROLLOUTS);
    if (incoming != null) {
      incoming.pause();
    }
    receiver.receiver().ifPresent(Receiver::close);
    learned.reward().ifPresent(LearnedReward::stop);
    if (!underWay.awaitNone(settings.stopTimeout())) {
      LOG.warnf("batch abandoned reason=stop waited=%s", settings.stopTimeout());
    }
  }

  private void send(Routed routed, Context context) {
    try {
      Uni.join()
          .all(
              Uni.createFrom().completionStage(raters.open(routed.cases())),
              scoredRollouts.send(routed.sentOn(), context))
          .andFailFast()
          .await()
          .indefinitely();
    } catch (RuntimeException e) {
      throw new RejectedRollouts(RejectReason.SEND_FAILED, String.valueOf(e.getMessage()), e);
    }
  }
}
