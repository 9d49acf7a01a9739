package org.elasticreset.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;

/** A span that is the current one until it is closed, by the thread that opened it. */
public final class OpenSpan implements AutoCloseable {

  private final Span span;
  private final Context context;
  private final Scope scope;

  private OpenSpan(Span span, Context context, Scope scope) {
    this.span = span;
    this.context = context;
    this.scope = scope;
  }

  /** Where nothing is recorded, what is current stays so, and the parent travels on as it came. */
  @SuppressWarnings("MustBeClosedChecker") // closed with this
  static OpenSpan current(Span span, Context parent) {
    return span.getSpanContext().isValid()
        ? new OpenSpan(span, parent.with(span), parent.with(span).makeCurrent())
        : new OpenSpan(span, parent, Scope.noop());
  }

  public Span span() {
    return span;
  }

  /** What is to be sent on. */
  public Context context() {
    return context;
  }

  /** Says on the span if the work throws. */
  public <T, E extends Exception> T watch(Spans.Work<T, E> work) throws E {
    boolean done = false;
    try {
      T result = work.run();
      done = true;
      return result;
    } finally {
      if (!done) {
        failed("");
      }
    }
  }

  /** It did not work out. */
  public void failed(String reason) {
    span.setStatus(StatusCode.ERROR, reason);
  }

  @Override
  public void close() {
    scope.close();
    span.end();
  }
}
