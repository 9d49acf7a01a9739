package org.elasticreset.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.smallrye.reactive.messaging.TracingMetadata;
import io.smallrye.reactive.messaging.kafka.api.IncomingKafkaRecordMetadata;
import org.eclipse.microprofile.reactive.messaging.Message;

/** A batch out of Kafka: a span of how long it lay there, and one of what is done with it. */
public final class BatchSpan {

  private BatchSpan() {}

  /**
   * Begins the work, as the current span.
   *
   * @param waited name of the span that ends now, and began when the record was written
   */
  public static OpenSpan begin(Message<?> message, String waited, String work) {
    Context parent =
        TracingMetadata.fromMessage(message)
            .map(TracingMetadata::getCurrentContext)
            .orElseGet(Context::root);
    message
        .getMetadata(IncomingKafkaRecordMetadata.class)
        .map(IncomingKafkaRecordMetadata::getTimestamp)
        .map(written -> Spans.over(parent, waited, SpanKind.CONSUMER, written))
        .ifPresent(Span::end);
    return Spans.under(parent, work);
  }
}
