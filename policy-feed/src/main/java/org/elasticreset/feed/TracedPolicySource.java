package org.elasticreset.feed;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import java.time.Instant;
import java.util.function.Supplier;
import org.elasticreset.proto.v1.PolicyVersion;
import org.elasticreset.tracing.OpenSpan;
import org.elasticreset.tracing.Spans;
import org.elasticreset.tracing.TraceKeys;
import org.elasticreset.tracing.Traceparent;
import org.jspecify.annotations.Nullable;

/**
 * Fetches as another source does, and says so in the trace of the step that the policy came out of,
 * which its announcement carries. A policy that came before its announcement is said when that is
 * heard.
 */
public final class TracedPolicySource implements PolicySource, AutoCloseable {

  private final PolicySource source;
  private final String worker;

  // Guarded by this.
  private long announced;
  private Context announcement = Context.root();
  private @Nullable Untold untold;

  /** A fetch that belongs to a trace that is not known yet. */
  private record Untold(PolicyVersion version, long bytes, Instant since) {}

  /**
   * Of that source.
   *
   * @param worker who fetches, as spans name it
   */
  public TracedPolicySource(PolicySource source, String worker) {
    this.source = source;
    this.worker = worker;
  }

  /** A version was announced, with this context or none. */
  public void announced(long version, @Nullable String traceparent) {
    Untold before;
    Context parent = Traceparent.read(traceparent);
    synchronized (this) {
      if (version <= announced) {
        return;
      }
      announced = version;
      announcement = parent;
      before = untold;
      if (before != null && before.version().getVersion() <= version) {
        untold = null;
      }
    }
    if (before != null && before.version().getVersion() == version) {
      tell(before, parent);
    }
  }

  private void tell(Untold fetch, Context parent) {
    Span span = Spans.over(parent, "fetch policy", SpanKind.CLIENT, fetch.since());
    say(span, fetch.version(), fetch.bytes()).end();
  }

  @Override
  public FetchedPolicy fetchNewerThan(long version) {
    Context parent;
    boolean known;
    synchronized (this) {
      known = announced > version;
      parent = known ? announcement : Context.root();
    }
    var since = Instant.now();
    FetchedPolicy policy = traced(parent, () -> source.fetchNewerThan(version));
    if (!known) {
      fetched(new Untold(policy.version(), policy.totalBytes(), since));
    }
    return policy;
  }

  /** The announcement may have come meanwhile, and comes once. */
  private void fetched(Untold fetch) {
    @Nullable Context parent = null;
    synchronized (this) {
      long version = fetch.version().getVersion();
      if (announced < version) {
        untold = fetch;
      } else if (announced == version) {
        parent = announcement;
      }
    }
    if (parent != null) {
      tell(fetch, parent);
    }
  }

  @Override
  public FetchedPolicy fetchAverage(long version) {
    return traced(Context.current(), () -> source.fetchAverage(version));
  }

  @Override
  public FetchedPolicy fetch(long version) {
    return traced(Context.current(), () -> source.fetch(version));
  }

  private FetchedPolicy traced(Context parent, Supplier<FetchedPolicy> fetching) {
    try (OpenSpan span = Spans.under(parent, "fetch policy", SpanKind.CLIENT)) {
      FetchedPolicy policy = span.watch(fetching::get);
      say(span.span(), policy.version(), policy.totalBytes());
      return policy;
    }
  }

  private Span say(Span span, PolicyVersion version, long bytes) {
    return span.setAttribute(TraceKeys.WORKER, worker)
        .setAttribute(TraceKeys.POLICY_VERSION, version.getVersion())
        .setAttribute(TraceKeys.RESET_EPOCH, version.getResetEpoch())
        .setAttribute(TraceKeys.BYTES, bytes);
  }

  @Override
  public void close() throws Exception {
    if (source instanceof AutoCloseable closeable) {
      closeable.close();
    }
  }
}
