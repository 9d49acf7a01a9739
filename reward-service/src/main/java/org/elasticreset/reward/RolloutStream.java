package org.elasticreset.reward;

import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.annotations.Blocking;
import io.smallrye.reactive.messaging.kafka.Record;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.elasticreset.proto.v1.RolloutBatch;
import org.elasticreset.proto.v1.ScoredRollout;
import org.elasticreset.reward.RolloutScorer.Scored;
import org.jboss.logging.Logger;

/**
 * From {@code rollouts} to {@code scored-rollouts}, one batch at a time on one thread. A batch is
 * acknowledged once Kafka has all its scores; one that comes again is scored again, and the learner
 * drops what it has.
 */
@ApplicationScoped
class RolloutStream {

  private static final Logger LOG = Logger.getLogger(RolloutStream.class);

  private final RolloutScorer scorer;
  private final RewardMetrics metrics;
  private final MutinyEmitter<Record<String, ScoredRollout>> scoredRollouts;

  @Inject
  RolloutStream(
      RolloutScorer scorer,
      RewardMetrics metrics,
      @Channel("scored-rollouts") MutinyEmitter<Record<String, ScoredRollout>> scoredRollouts) {
    this.scorer = scorer;
    this.metrics = metrics;
    this.scoredRollouts = scoredRollouts;
  }

  @Incoming("rollouts")
  @Blocking("scoring")
  CompletionStage<Void> score(Message<RolloutBatch> rollouts) {
    RolloutBatch batch = rollouts.getPayload();
    try {
      long start = System.nanoTime();
      Scored result = scorer.score(batch);
      metrics.scored(result.scored(), System.nanoTime() - start);
      send(result.scored());
      LOG.debugf("batch scored batch=%s rollouts=%d", batch.getBatchId(), result.scored().size());
      if (!result.unscorable().isEmpty()) {
        throw new RejectedRollouts(
            RejectReason.NON_FINITE_SCORE,
            "rollouts " + result.unscorable() + " (expected: a finite score)");
      }
      return rollouts.ack();
    } catch (RejectedRollouts e) {
      metrics.rejected(e.reason());
      LOG.warnf(
          e.getCause(),
          "batch refused batch=%s reason=%s detail=\"%s\"",
          batch.getBatchId(),
          e.reason().label(),
          e.getMessage());
      return rollouts.nack(e);
    }
  }

  private void send(List<ScoredRollout> scored) {
    if (scored.isEmpty()) {
      return;
    }
    List<Uni<Void>> sends =
        scored.stream()
            .map(rollout -> Record.of(rollout.getRollout().getRolloutId(), rollout))
            .map(scoredRollouts::send)
            .toList();
    try {
      Uni.join().all(sends).andFailFast().await().indefinitely();
    } catch (RuntimeException e) {
      throw new RejectedRollouts(RejectReason.SEND_FAILED, String.valueOf(e.getMessage()), e);
    }
  }
}
