package org.elasticreset.learner;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.elasticreset.proto.RolloutIds;
import org.elasticreset.proto.v1.PromptBatch;
import org.elasticreset.tracing.Spans;
import org.elasticreset.tracing.TraceKeys;
import org.elasticreset.tracing.Traceparent;

/** The trace of one step, and what has come back of its batches. */
final class StepTrace {

  private final Span root;
  private final Map<String, Batch> batches = new HashMap<>();

  /** Of what comes back one by one. */
  private static final class Batch {
    final int rollouts;
    final Set<String> received = new HashSet<>();
    Instant firstScored = Instant.MAX;

    Batch(int rollouts) {
      this.rollouts = rollouts;
    }
  }

  StepTrace(Span root) {
    this.root = root;
  }

  Span root() {
    return root;
  }

  Context context() {
    return Context.root().with(root);
  }

  /** Whether it had been issued before. */
  boolean issued(PromptBatch batch) {
    if (!root.isRecording()) {
      return false;
    }
    return batches.put(batch.getBatchId(), new Batch(batch.getPromptsCount())) != null;
  }

  /** With the last rollout of a batch, a span says how long its scores lay in Kafka. */
  void received(ReceivedRollout rollout) {
    String id = rollout.rollout().id();
    Batch batch = batches.get(RolloutIds.batchId(id));
    if (batch == null) {
      return;
    }
    if (!batch.received.add(id)) {
      root.addEvent("duplicate rollout", Attributes.of(TraceKeys.ROLLOUT_ID, id));
      return;
    }
    ReceivedRollout.Source source = rollout.source();
    if (source.written().isBefore(batch.firstScored)) {
      batch.firstScored = source.written();
    }
    if (batch.received.size() == batch.rollouts) {
      Spans.over(
              Traceparent.read(source.traceparent()),
              "scored-rollouts wait",
              SpanKind.CONSUMER,
              batch.firstScored)
          .setAttribute(TraceKeys.BATCH_ID, RolloutIds.batchId(id))
          .setAttribute(TraceKeys.ROLLOUTS, (long) batch.rollouts)
          .end();
    }
  }

  /** The learner-service ends before the step does; another one goes on with the trace. */
  void abandon(String reason) {
    root.setStatus(StatusCode.ERROR, reason);
    root.end();
  }
}
