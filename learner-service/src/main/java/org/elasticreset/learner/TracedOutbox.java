package org.elasticreset.learner;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Scope;
import java.util.List;
import org.elasticreset.proto.v1.PromptBatch;
import org.elasticreset.proto.v1.TrainingEvent;

/** Batches leave in the trace of their step; what is told of a step stands on its first span. */
record TracedOutbox(Outbox outbox, StepTraces traces) implements Outbox {

  @Override
  public void issue(PromptBatch batch) {
    traced(List.of(batch), () -> outbox.issue(batch));
  }

  @Override
  public void issueAll(List<PromptBatch> batches) {
    traced(batches, () -> outbox.issueAll(batches));
  }

  @Override
  public void awaitIssued() {
    outbox.awaitIssued();
  }

  private void traced(List<PromptBatch> batches, Runnable issuing) {
    Span admitting = traces.issuing(batches);
    try (Scope scope = admitting.makeCurrent()) {
      issuing.run();
    } finally {
      admitting.end();
    }
  }

  @Override
  public void report(TrainingEvent event) {
    outbox.report(event);
    switch (event.getEventCase()) {
      case EVALUATION -> traces.evaluated();
      case RESET -> traces.reset(event.getReset().getReason());
      case UPDATE_DISCARDED -> traces.failed(event.getUpdateDiscarded().getReason());
      default -> {}
    }
  }
}
