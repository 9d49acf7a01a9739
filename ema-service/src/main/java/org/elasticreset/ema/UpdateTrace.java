package org.elasticreset.ema;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import java.util.function.Supplier;
import org.elasticreset.proto.v1.Update;
import org.elasticreset.tracing.OpenSpan;
import org.elasticreset.tracing.Spans;
import org.elasticreset.tracing.TraceKeys;
import org.elasticreset.tracing.Traceparent;

/** What becomes of an update, as spans under that of the learner's upload. */
record UpdateTrace(Context upload, Span receiving) {

  /** Its weights are on their way. */
  static UpdateTrace of(Update header) {
    Context upload = Traceparent.read(header.getTraceparent());
    return new UpdateTrace(upload, Spans.begin(upload, "receive weights", SpanKind.SERVER));
  }

  /** They are here: takes them. */
  UpdateAnswer take(long bytes, Supplier<UpdateAnswer> taking) {
    receiving.setAttribute(TraceKeys.BYTES, bytes).end();
    try (OpenSpan span = Spans.under(upload, "take update")) {
      UpdateAnswer answer = span.watch(taking::get);
      say(span.span(), answer);
      return answer;
    }
  }

  private static void say(Span span, UpdateAnswer answer) {
    span.setAttribute(TraceKeys.POLICY_VERSION, answer.newest().getVersion())
        .setAttribute(TraceKeys.RESET_EPOCH, answer.newest().getResetEpoch())
        .setAttribute(TraceKeys.RESET, answer instanceof UpdateAnswer.WasReset);
    if (answer instanceof UpdateAnswer.WasReset reset) {
      span.setAttribute(TraceKeys.REASON, reset.reason());
    }
  }
}
