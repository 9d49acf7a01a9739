package org.elasticreset.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.testing.junit5.OpenTelemetryExtension;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class SpansTest {

  private static final String SAMPLED = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  private static final String LEFT_OUT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";

  @RegisterExtension
  static final OpenTelemetryExtension TELEMETRY = OpenTelemetryExtension.create();

  @Test
  void spansNestUnderTheContextThatCame() {
    try (OpenSpan work = Spans.under(Traceparent.read(SAMPLED), "score")) {
      Spans.within("inner", () -> {});
      assertThat(Traceparent.of(work.context()))
          .hasValueSatisfying(
              sent -> assertThat(sent).contains("0af7651916cd43dd8448eb211c80319c"));
    }

    List<SpanData> spans = TELEMETRY.getSpans();
    assertThat(spans).extracting(SpanData::getName).containsExactly("inner", "score");
    assertThat(spans.get(1).getParentSpanId()).isEqualTo("b7ad6b7169203331");
    assertThat(spans.get(0).getParentSpanId()).isEqualTo(spans.get(1).getSpanId());
    assertThat(Context.current()).isEqualTo(Context.root());
  }

  @Test
  void stepThatIsNotSampledHasNoSpansAndTellsTheNextServiceSo() {
    try (OpenSpan work = Spans.under(Traceparent.read(LEFT_OUT), "score")) {
      Spans.within("inner", () -> {});
      assertThat(Traceparent.of(work.context())).contains(LEFT_OUT);
    }

    assertThat(TELEMETRY.getSpans()).isEmpty();
  }

  @Test
  void nothingBeginsATraceWhereNoneCame() {
    for (String received : new String[] {null, "", "rubbish", "00-zz-zz-01"}) {
      try (OpenSpan work = Spans.under(Traceparent.read(received), "score")) {
        assertThat(Traceparent.of(work.context())).isEmpty();
      }
    }

    assertThat(TELEMETRY.getSpans()).isEmpty();
  }

  @Test
  void workThatThrowsIsAnErrorAndThrowsOn() {
    try (OpenSpan work = Spans.under(Traceparent.read(SAMPLED), "take update")) {
      assertThatThrownBy(
              () ->
                  Spans.within(
                      "snapshot",
                      () -> {
                        throw new IOException("disk full");
                      }))
          .isInstanceOf(IOException.class);
    }

    assertThat(TELEMETRY.getSpans().get(0).getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
  }

  @Test
  void waitThatBeganOnAFasterClockHasNoNegativeLength() {
    Instant ahead = Instant.now().plus(Duration.ofMinutes(5));

    Spans.over(Traceparent.read(SAMPLED), "prompts wait", SpanKind.CONSUMER, ahead).end();

    SpanData wait = TELEMETRY.getSpans().get(0);
    assertThat(wait.getEndEpochNanos()).isGreaterThanOrEqualTo(wait.getStartEpochNanos());
    assertThat(wait.getStartEpochNanos()).isLessThan(ahead.toEpochMilli() * 1_000_000);
  }
}
