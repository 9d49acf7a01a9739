package org.elasticreset.ema;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ClientInterceptors;
import io.opentelemetry.sdk.testing.junit5.OpenTelemetryExtension;
import io.opentelemetry.sdk.trace.data.SpanData;
import java.util.List;
import org.elasticreset.proto.v1.ElasticResetGrpc;
import org.elasticreset.proto.v1.FetchPolicyRequest;
import org.elasticreset.tracing.GrpcTraceparent;
import org.elasticreset.tracing.TraceKeys;
import org.elasticreset.tracing.Traceparent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What the service adds to the trace of a step, over gRPC. */
class UpdateTraceTest extends StreamToServer {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String LEARNER = "b7ad6b7169203331";
  private static final String TRACEPARENT = "00-" + TRACE + "-" + LEARNER + "-01";

  @RegisterExtension
  static final OpenTelemetryExtension TELEMETRY = OpenTelemetryExtension.create();

  @Test
  void updateIsReceivedAveragedAndHeldUnderTheLearnersSpan() throws Exception {
    try (var learner = durablyBegun()) {
      var header = Policies.checkpoint(1).toBuilder().setTraceparent(TRACEPARENT).build();
      learner.upload(header, Policies.bytes(Policies.random(COUNT, 1)));
    }

    assertThat(TELEMETRY.getSpans()).allMatch(span -> span.getTraceId().equals(TRACE));
    SpanData taking = named("take update");
    assertThat(taking.getParentSpanId()).isEqualTo(LEARNER);
    assertThat(taking.getAttributes().get(TraceKeys.POLICY_VERSION)).isEqualTo(2);
    assertThat(taking.getAttributes().get(TraceKeys.RESET)).isFalse();
    assertThat(named("receive weights").getParentSpanId()).isEqualTo(LEARNER);
    assertThat(named("receive weights").getAttributes().get(TraceKeys.BYTES)).isEqualTo(4L * COUNT);
    assertThat(named("average").getParentSpanId()).isEqualTo(taking.getSpanId());
    assertThat(named("snapshot").getParentSpanId()).isEqualTo(taking.getSpanId());
  }

  @Test
  void resetSaysWhy() throws Exception {
    try (var learner = durablyBegun()) {
      for (int step = 1; step <= 2; step++) {
        learner.uploadDurably(step, Policies.random(COUNT, step));
      }
      var header = Policies.checkpoint(3).toBuilder().setTraceparent(TRACEPARENT).build();
      var answer = learner.upload(header, Policies.bytes(Policies.random(COUNT, 3)));
      learner.adopt(answer.getReset().getTotalBytes());
    }

    assertThat(named("take update").getAttributes().get(TraceKeys.RESET)).isTrue();
    assertThat(named("take update").getAttributes().get(TraceKeys.REASON))
        .isEqualTo("3 updates since the last reset");
  }

  @Test
  void workersFetchIsServedUnderTheirSpan() throws Exception {
    try (var learner = begun();
        var scope = Traceparent.read(TRACEPARENT).makeCurrent()) {
      var channel = TestLearner.channel(server.port());
      var fetched =
          ElasticResetGrpc.newBlockingStub(
                  ClientInterceptors.intercept(channel, GrpcTraceparent.sent()))
              .fetchPolicy(FetchPolicyRequest.newBuilder().setRunId(Policies.RUN).build());
      fetched.forEachRemaining(message -> {});
      channel.shutdownNow();
    }

    SpanData serving = named("serve policy");
    assertThat(serving.getTraceId()).isEqualTo(TRACE);
    assertThat(serving.getParentSpanId()).isEqualTo(LEARNER);
    assertThat(serving.getAttributes().get(TraceKeys.POLICY_VERSION)).isEqualTo(1);
  }

  @Test
  void learnerThatDoesNotTraceLeavesNothing() throws Exception {
    try (var learner = durablyBegun()) {
      learner.uploadDurably(1, Policies.random(COUNT, 1));
    }

    assertThat(TELEMETRY.getSpans()).isEmpty();
  }

  @Test
  void rubbishForAContextIsTakenForNone() throws Exception {
    try (var learner = durablyBegun()) {
      var header = Policies.checkpoint(1).toBuilder().setTraceparent("rubbish").build();

      assertThat(learner.upload(header, Policies.bytes(Policies.random(COUNT, 1))).hasContinue())
          .isTrue();
    }

    assertThat(TELEMETRY.getSpans()).isEmpty();
  }

  /** What ends with an answer may end just behind it. */
  private static SpanData named(String name) throws InterruptedException {
    List<SpanData> found = List.of();
    for (int tries = 0; found.isEmpty() && tries < 100; tries++) {
      found = TELEMETRY.getSpans().stream().filter(span -> span.getName().equals(name)).toList();
      Thread.sleep(found.isEmpty() ? 20 : 0);
    }
    assertThat(found).as(name).hasSize(1);
    return found.get(0);
  }
}
