package org.elasticreset.learner;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.sdk.trace.IdGenerator;
import jakarta.inject.Singleton;
import org.elasticreset.tracing.TraceIdentity;
import org.jspecify.annotations.Nullable;

/** Random ids, but for the first span of a step's trace, whose ids derive from run and step. */
@Singleton
class DerivedIds implements IdGenerator {

  private final IdGenerator random = IdGenerator.random();
  private final ThreadLocal<@Nullable TraceIdentity> derived = new ThreadLocal<>();

  /** Starts the first span of a trace. */
  Span start(TraceIdentity identity, SpanBuilder root) {
    derived.set(identity);
    try {
      return root.setNoParent().startSpan();
    } finally {
      derived.remove();
    }
  }

  @Override
  public String generateTraceId() {
    TraceIdentity identity = derived.get();
    return identity == null ? random.generateTraceId() : identity.traceId();
  }

  @Override
  public String generateSpanId() {
    TraceIdentity identity = derived.get();
    return identity == null ? random.generateSpanId() : identity.rootSpanId();
  }
}
