package org.elasticreset.rollout;

import io.quarkus.runtime.ShutdownEvent;
import io.smallrye.reactive.messaging.ChannelRegistry;
import io.smallrye.reactive.messaging.TracingMetadata;
import io.smallrye.reactive.messaging.annotations.Blocking;
import io.smallrye.reactive.messaging.kafka.Record;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.Outgoing;
import org.elasticreset.batches.DeadLetterHealth;
import org.elasticreset.batches.WorkUnderWay;
import org.elasticreset.feed.PolicyFollower;
import org.elasticreset.proto.Untrusted;
import org.elasticreset.proto.v1.PromptBatch;
import org.elasticreset.proto.v1.Rollout;
import org.elasticreset.proto.v1.RolloutBatch;
import org.elasticreset.tracing.BatchSpan;
import org.elasticreset.tracing.OpenSpan;
import org.elasticreset.tracing.TraceKeys;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * From {@code prompts} to {@code rollouts}, one batch at a time on one thread. A batch of prompts
 * is acknowledged once Kafka has its rollouts, or its dead letter.
 */
@ApplicationScoped
class PromptStream {

  private static final String PROMPTS = "prompts";
  private static final Logger LOG = Logger.getLogger(PromptStream.class);

  private final RolloutGenerator generator;
  private final PolicyFollower policies;
  private final RolloutMetrics metrics;
  private final DeadLetterHealth deadLetters;
  private final RolloutSettings settings;
  private final WorkUnderWay underWay = new WorkUnderWay();

  @Inject
  PromptStream(
      RolloutGenerator generator,
      PolicyFollower policies,
      RolloutMetrics metrics,
      @Liveness DeadLetterHealth deadLetters,
      RolloutSettings settings) {
    this.generator = generator;
    this.policies = policies;
    this.metrics = metrics;
    this.deadLetters = deadLetters;
    this.settings = settings;
  }

  @Incoming(PROMPTS)
  @Outgoing("rollouts")
  @Blocking("generation")
  @Nullable Message<Record<String, RolloutBatch>> generate(Message<PromptBatch> prompts)
      throws InterruptedException {
    underWay.begin();
    try (OpenSpan span = BatchSpan.begin(prompts, "prompts wait", "generate")) {
      return generate(prompts, span);
    }
  }

  private @Nullable Message<Record<String, RolloutBatch>> generate(
      Message<PromptBatch> prompts, OpenSpan span) throws InterruptedException {
    try {
      RolloutBatch rollouts = generator.generate(requirePresent(prompts.getPayload()));
      say(span, rollouts);
      LOG.infof(
          "batch generated batch=%s rollouts=%d version=%d epoch=%d millis=%d",
          rollouts.getBatchId(),
          rollouts.getRolloutsCount(),
          rollouts.getRollouts(0).getPolicyVersion(),
          rollouts.getRollouts(0).getResetEpoch(),
          rollouts.getGenerationNanos() / 1_000_000);
      return prompts
          .withPayload(Record.of(rollouts.getBatchId(), rollouts))
          .addMetadata(TracingMetadata.withCurrent(span.context()))
          .withAck(() -> ended(prompts.ack()))
          .withNack(failure -> refuse(prompts, unsent(failure)));
    } catch (RejectedBatch e) {
      span.failed(e.reason().label());
      refuse(prompts, e);
      return null;
    } catch (InterruptedException e) {
      underWay.end();
      throw e;
    } catch (RuntimeException e) {
      // Thrown on, it would end the channel for good.
      span.failed(RejectReason.GENERATION_FAILED.label());
      refuse(prompts, new RejectedBatch(RejectReason.GENERATION_FAILED, e.toString(), e));
      return null;
    }
  }

  private void say(OpenSpan span, RolloutBatch rollouts) {
    span.span()
        .setAttribute(TraceKeys.WORKER, rollouts.getWorker())
        .setAttribute(TraceKeys.BATCH_ID, rollouts.getBatchId())
        .setAttribute(TraceKeys.ROLLOUTS, (long) rollouts.getRolloutsCount())
        .setAttribute(
            TraceKeys.TOKENS,
            rollouts.getRolloutsList().stream().mapToLong(Rollout::getResponseTokensCount).sum())
        .setAttribute(TraceKeys.POLICY_VERSION, rollouts.getRollouts(0).getPolicyVersion())
        .setAttribute(TraceKeys.RESET_EPOCH, rollouts.getRollouts(0).getResetEpoch());
  }

  private static PromptBatch requirePresent(@Nullable PromptBatch batch) {
    if (batch == null) {
      throw new RejectedBatch(
          RejectReason.INVALID, "record: a tombstone (expected: a batch of prompts)");
    }
    return batch;
  }

  private CompletionStage<Void> refuse(Message<PromptBatch> prompts, RejectedBatch rejected) {
    metrics.rejected(rejected.reason());
    LOG.warnf(
        rejected.getCause(),
        "batch refused batch=%s reason=%s detail=\"%s\"",
        batchId(prompts.getPayload()),
        rejected.reason().label(),
        rejected.getMessage());
    return ended(deadLetters.watch(prompts.nack(rejected)));
  }

  private static String batchId(@Nullable PromptBatch batch) {
    return batch == null ? "" : Untrusted.shown(batch.getBatchId());
  }

  private CompletionStage<Void> ended(CompletionStage<Void> acknowledgement) {
    return acknowledgement.whenComplete((done, failure) -> underWay.end());
  }

  private static RejectedBatch unsent(Throwable failure) {
    return new RejectedBatch(RejectReason.SEND_FAILED, failure.toString(), failure);
  }

  /** Lets the batch under way end and be acknowledged, and takes no other. */
  void onStop(@Observes ShutdownEvent event, ChannelRegistry channels) throws InterruptedException {
    var prompts = channels.getPausable(PROMPTS);
    if (prompts != null) {
      prompts.pause();
    }
    policies.close();
    generator.close();
    if (!underWay.awaitNone(settings.stopTimeout())) {
      LOG.warnf("batch abandoned reason=stop waited=%s", settings.stopTimeout());
    }
  }
}
