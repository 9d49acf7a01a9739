package org.elasticreset.learner;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.elasticreset.algorithm.PolicyStamp;
import org.elasticreset.learner.TrainingProgress.Phase;
import org.elasticreset.proto.v1.PromptBatch;
import org.elasticreset.proto.v1.Purpose;
import org.elasticreset.tracing.Spans;
import org.elasticreset.tracing.TraceIdentity;
import org.elasticreset.tracing.TraceKeys;
import org.jspecify.annotations.Nullable;

/**
 * The traces of the steps under way, each from its first batch of prompts until the version that it
 * led to is served, and what the loop does meanwhile as spans of them. Used by the loop's thread
 * alone; nothing of it enters training.
 *
 * <p>Whether a trace is sampled is decided here, with its first span, and travels with its context.
 */
final class StepTraces implements LoopWatch {

  private final String runId;
  private final Tracer tracer;
  private final DerivedIds ids;
  private final Map<Work, StepTrace> open = new HashMap<>();

  private Optional<Work> current = Optional.empty();
  private Span phase = Span.getInvalid();
  private Scope scope = Scope.noop();
  private Instant epochBegan = Instant.MIN;
  private long epochs;

  /** What a trace is of. */
  private record Work(Purpose purpose, long step) {
    String named() {
      return purpose.name().toLowerCase(Locale.ROOT);
    }
  }

  StepTraces(String runId, Tracer tracer, DerivedIds ids) {
    this.runId = runId;
    this.tracer = tracer;
    this.ids = ids;
  }

  /** Batches of a step are about to be issued: the span of that, in its trace. */
  Span issuing(List<PromptBatch> batches) {
    PromptBatch first = batches.get(0);
    StepTrace trace =
        open.computeIfAbsent(new Work(first.getPurpose(), first.getTargetStep()), this::begin);
    SpanBuilder span =
        tracer
            .spanBuilder("admit")
            .setParent(trace.context())
            .setAttribute(TraceKeys.BATCHES, (long) batches.size())
            .setAttribute(
                TraceKeys.ROLLOUTS, batches.stream().mapToLong(PromptBatch::getPromptsCount).sum())
            .setAttribute(TraceKeys.POLICY_VERSION, first.getMinimumPolicyVersion());
    for (PromptBatch batch : batches) {
      if (trace.issued(batch)) {
        span.setAttribute(TraceKeys.REISSUED, true)
            .setAttribute(TraceKeys.BATCH_ID, batch.getBatchId());
      }
    }
    return span.startSpan();
  }

  private StepTrace begin(Work work) {
    SpanBuilder root =
        tracer
            .spanBuilder(work.purpose() == Purpose.EVALUATION ? "evaluation" : "step")
            .setAttribute(TraceKeys.RUN_ID, runId)
            .setAttribute(TraceKeys.PURPOSE, work.named())
            .setAttribute(TraceKeys.STEP, work.step());
    return new StepTrace(ids.start(TraceIdentity.of(runId, work.named(), work.step()), root));
  }

  void received(ReceivedRollout rollout) {
    StepTrace trace = open.get(new Work(rollout.purpose(), rollout.targetStep()));
    if (trace != null) {
      trace.received(rollout);
    }
  }

  @Override
  public void awaits(Purpose purpose, long step) {
    current = Optional.of(new Work(purpose, step));
    epochs = 0;
  }

  @Override
  public void entered(Phase next) {
    String name =
        switch (next) {
          case WAITING -> "collect";
          case EVALUATING -> "measure";
          case OPTIMISING -> "train";
          case UPLOADING -> "upload";
          case CHECKPOINTING -> "checkpoint";
          case PAUSED -> "paused";
          case STARTING, ENDED -> null;
        };
    enter(name);
  }

  /** The loop turns to that; null: to nothing that is of a step. */
  @SuppressWarnings("MustBeClosedChecker") // closed where the loop turns to something else
  void enter(@Nullable String name) {
    leave();
    StepTrace trace = current.map(open::get).orElse(null);
    if (trace != null && name != null) {
      Context parent = trace.context();
      phase = tracer.spanBuilder(name).setParent(parent).startSpan();
      scope = parent.with(phase).makeCurrent();
    }
    epochBegan = Instant.now();
  }

  private void leave() {
    scope.close();
    phase.end();
    scope = Scope.noop();
    phase = Span.getInvalid();
  }

  @Override
  public void epochEnded() {
    epochs++;
    Spans.over(Context.current(), "epoch", SpanKind.INTERNAL, epochBegan)
        .setAttribute(TraceKeys.EPOCH, epochs)
        .end();
    epochBegan = Instant.now();
  }

  @Override
  public void published(PolicyStamp policy) {
    leave();
    current
        .filter(work -> work.purpose() == Purpose.TRAINING)
        .ifPresent(
            work -> {
              root(work)
                  .setAttribute(TraceKeys.POLICY_VERSION, policy.version())
                  .setAttribute(TraceKeys.RESET_EPOCH, policy.resetEpoch());
              end(work);
            });
  }

  /** The figures of an evaluation are out. */
  void evaluated() {
    leave();
    current.filter(work -> work.purpose() == Purpose.EVALUATION).ifPresent(this::end);
  }

  /** The policy was reset behind the step. */
  void reset(String reason) {
    current
        .map(this::root)
        .ifPresent(
            root ->
                root.setAttribute(TraceKeys.RESET, true).setAttribute(TraceKeys.REASON, reason));
  }

  /** The step came to nothing. */
  void failed(String reason) {
    current.map(this::root).ifPresent(root -> root.setStatus(StatusCode.ERROR, reason));
  }

  /** The loop has ended, with whatever is under way. */
  void end(String reason) {
    leave();
    open.values().forEach(trace -> trace.abandon(reason));
    open.clear();
  }

  private Span root(Work work) {
    StepTrace trace = open.get(work);
    return trace == null ? Span.getInvalid() : trace.root();
  }

  private void end(Work work) {
    StepTrace trace = open.remove(work);
    if (trace != null) {
      trace.root().end();
    }
    current = Optional.empty();
  }
}
