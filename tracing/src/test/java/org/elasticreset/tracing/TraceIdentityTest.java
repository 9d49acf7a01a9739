package org.elasticreset.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.TraceId;
import org.junit.jupiter.api.Test;

class TraceIdentityTest {

  @Test
  void idsAreTheBeginningOfWhatSha256sumPrints() {
    // printf %s movie/training/12 | sha256sum
    assertThat(TraceIdentity.of("movie", "training", 12))
        .isEqualTo(new TraceIdentity("02ac448e78c6b46870fde0f96ec55d84", "467b812ff9cafdfb"));
  }

  @Test
  void stepAndItsEvaluationHaveTracesOfTheirOwn() {
    TraceIdentity step = TraceIdentity.of("movie", "training", 12);
    TraceIdentity evaluation = TraceIdentity.of("movie", "evaluation", 12);

    assertThat(step.traceId()).isNotEqualTo(evaluation.traceId()).matches(TraceId::isValid);
    assertThat(step.rootSpanId()).matches(SpanId::isValid);
  }
}
