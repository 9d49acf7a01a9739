package org.elasticreset.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.testing.junit5.OpenTelemetryExtension;
import io.opentelemetry.sdk.trace.data.SpanData;
import org.elasticreset.tracing.TraceKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class TracedPolicySourceTest {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String TRACEPARENT = "00-" + TRACE + "-b7ad6b7169203331-01";

  @RegisterExtension
  static final OpenTelemetryExtension TELEMETRY = OpenTelemetryExtension.create();

  private final FakePolicySource source = new FakePolicySource();
  private final TracedPolicySource traced = new TracedPolicySource(source, "worker-1");

  @Test
  void fetchBelongsToTheStepThatThePolicyCameOutOf() {
    source.newest = 3;
    traced.announced(3, TRACEPARENT);

    traced.fetchNewerThan(2);

    assertThat(TELEMETRY.getSpans())
        .singleElement()
        .satisfies(TracedPolicySourceTest::isOfVersion3);
  }

  @Test
  void policyThatCameBeforeItsAnnouncementIsSaidWhenThatIsHeard() {
    source.newest = 3;
    traced.announced(2, null);
    traced.fetchNewerThan(2);
    assertThat(TELEMETRY.getSpans()).isEmpty();

    traced.announced(3, TRACEPARENT);
    traced.announced(3, TRACEPARENT);

    assertThat(TELEMETRY.getSpans())
        .singleElement()
        .satisfies(TracedPolicySourceTest::isOfVersion3);
  }

  @Test
  void announcementThatIsHeardDuringTheFetchIsEnough() {
    source.newest = 3;
    source.fetching = () -> traced.announced(3, TRACEPARENT);

    traced.fetchNewerThan(2);

    assertThat(TELEMETRY.getSpans())
        .singleElement()
        .satisfies(TracedPolicySourceTest::isOfVersion3);
  }

  @Test
  void versionsThatWereHeardOfAndNeverFetchedLeaveNothing() {
    source.newest = 3;
    traced.announced(1, TRACEPARENT);
    traced.announced(2, TRACEPARENT);
    traced.announced(3, null);

    traced.fetchNewerThan(0);

    assertThat(TELEMETRY.getSpans()).isEmpty();
  }

  @Test
  void fetchThatFailsIsASpanWithAnErrorAndFailsAsBefore() {
    traced.announced(3, TRACEPARENT);

    assertThatThrownBy(() -> traced.fetchNewerThan(2)).isInstanceOf(PolicyFetchException.class);

    assertThat(TELEMETRY.getSpans())
        .singleElement()
        .satisfies(
            span -> assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR));
  }

  private static void isOfVersion3(SpanData span) {
    assertThat(span.getName()).isEqualTo("fetch policy");
    assertThat(span.getTraceId()).isEqualTo(TRACE);
    assertThat(span.getAttributes().get(TraceKeys.WORKER)).isEqualTo("worker-1");
    assertThat(span.getAttributes().get(TraceKeys.POLICY_VERSION)).isEqualTo(3);
    assertThat(span.getAttributes().get(TraceKeys.BYTES)).isPositive();
  }
}
