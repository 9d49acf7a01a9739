package org.elasticreset.tracing;

import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** A context as a {@code traceparent} of W3C Trace Context has it; what cannot be read is none. */
public final class Traceparent {

  /** Name of the header. */
  public static final String NAME = "traceparent";

  private static final TextMapGetter<String> GETTER =
      new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(String carrier) {
          return List.of(NAME);
        }

        @Override
        public @Nullable String get(@Nullable String carrier, String key) {
          return NAME.equals(key) ? carrier : null;
        }
      };

  private Traceparent() {}

  /** What is to be sent; empty where nobody traces. */
  public static Optional<String> of(Context context) {
    Map<String, String> fields = new HashMap<>();
    W3CTraceContextPropagator.getInstance().inject(context, fields, Map::put);
    return Optional.ofNullable(fields.get(NAME));
  }

  /** What was received; the root context if that is nothing. */
  public static Context read(@Nullable String received) {
    return received == null || received.isEmpty()
        ? Context.root()
        : W3CTraceContextPropagator.getInstance().extract(Context.root(), received, GETTER);
  }

  /** That of a record of Kafka; null if it has none. */
  public static @Nullable String in(Headers headers) {
    var header = headers.lastHeader(NAME);
    return header == null || header.value() == null
        ? null
        : new String(header.value(), StandardCharsets.US_ASCII);
  }
}
