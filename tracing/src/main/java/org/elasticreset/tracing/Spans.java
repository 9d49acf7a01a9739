package org.elasticreset.tracing;

import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import java.time.Instant;

/**
 * Spans under one that is there already and is sampled; where there is none, nothing happens, and
 * the tracer is not even asked for.
 */
public final class Spans {

  /** Name of the instrumentation, as exporters show it. */
  public static final String INSTRUMENTATION = "org.elasticreset";

  private Spans() {}

  /** Begins a span, which is the current one until it is closed by the same thread. */
  public static OpenSpan under(Context parent, String name) {
    return under(parent, name, SpanKind.INTERNAL);
  }

  /** Of a kind. */
  public static OpenSpan under(Context parent, String name, SpanKind kind) {
    return OpenSpan.current(begin(parent, name, kind), parent);
  }

  /** Begins a span that is nobody's current one, and may be ended by any thread. */
  public static Span begin(Context parent, String name, SpanKind kind) {
    return isSampled(parent)
        ? builder(parent, name).setSpanKind(kind).startSpan()
        : Span.getInvalid();
  }

  /** A span of what is over: what was waited for since then. */
  public static Span over(Context parent, String name, SpanKind kind, Instant since) {
    if (!isSampled(parent)) {
      return Span.getInvalid();
    }
    // Clocks of two machines differ: a record may come from the future.
    Instant now = Instant.now();
    return builder(parent, name)
        .setSpanKind(kind)
        .setStartTimestamp(since.isAfter(now) ? now : since)
        .startSpan();
  }

  /** Work with a span of its own under the current one. */
  public static <T, E extends Exception> T within(String name, Work<T, E> work) throws E {
    if (!isSampled(Context.current())) {
      return work.run();
    }
    try (OpenSpan span = under(Context.current(), name)) {
      return span.watch(work);
    }
  }

  /** Work that gives nothing. */
  public static <E extends Exception> void within(String name, Deed<E> work) throws E {
    within(
        name,
        (Work<Boolean, E>)
            () -> {
              work.run();
              return true;
            });
  }

  /** Whether what is below that context is going to be exported. */
  public static boolean isSampled(Context context) {
    return Span.fromContext(context).getSpanContext().isSampled();
  }

  private static SpanBuilder builder(Context parent, String name) {
    return GlobalOpenTelemetry.getTracer(INSTRUMENTATION).spanBuilder(name).setParent(parent);
  }

  /** What is done, and gives nothing. */
  @FunctionalInterface
  public interface Deed<E extends Exception> {
    void run() throws E;
  }

  /** What is done. */
  @FunctionalInterface
  public interface Work<T, E extends Exception> {
    T run() throws E;
  }
}
