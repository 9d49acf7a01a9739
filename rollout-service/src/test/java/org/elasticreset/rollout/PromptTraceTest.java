package org.elasticreset.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.elasticreset.feed.FakePolicySource;
import org.elasticreset.feed.Policies;
import org.elasticreset.feed.PolicyFollower;
import org.elasticreset.proto.v1.PromptBatch;
import org.elasticreset.tracing.TraceKeys;
import org.elasticreset.tracing.Traceparent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The service over a real broker: what it adds to the trace of a step, and hands on. */
@QuarkusTest
@QuarkusTestResource(KafkaOfTest.class)
@TestProfile(PromptTraceTest.Traced.class)
@Timeout(300)
class PromptTraceTest {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String ADMITTED = "b7ad6b7169203331";

  @Inject InMemorySpanExporter spans;
  @Inject FakePolicySource source;
  @Inject PolicyFollower policies;

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String bootstrapServers;

  @Test
  void batchIsGeneratedInTheTraceThatItCameWithAndItsRolloutsCarryIt() throws Exception {
    source.newest = 1;
    policies.announce(Policies.version(1));
    try (var topics = new TopicsOfTest(bootstrapServers)) {
      send(topics, Prompts.batch("train-1-0", "a secret", "another").build(), "01");
      send(topics, Prompts.batch("train-1-1", "unsampled").build(), "00");
      topics.send("prompts", Prompts.batch("train-1-2", "untraced").build().toByteArray());

      var rollouts = topics.read("rollouts", 3);

      String sent = TopicsOfTest.header(rollouts.get(0), Traceparent.NAME);
      assertThat(sent).startsWith("00-" + TRACE).endsWith("-01").doesNotContain(ADMITTED);
      assertThat(TopicsOfTest.header(rollouts.get(1), Traceparent.NAME)).endsWith("-00");
      assertThat(TopicsOfTest.header(rollouts.get(2), Traceparent.NAME)).doesNotEndWith("-01");
      assertThat(named("test-run.rollouts publish").getSpanId()).isEqualTo(sent.split("-")[2]);
    }
    SpanData generate = named("generate");
    assertThat(generate.getAttributes().get(TraceKeys.BATCH_ID)).isEqualTo("train-1-0");
    assertThat(generate.getAttributes().get(TraceKeys.ROLLOUTS)).isEqualTo(2);
    assertThat(generate.getAttributes().get(TraceKeys.TOKENS)).isPositive();
    assertThat(generate.getAttributes().get(TraceKeys.POLICY_VERSION)).isEqualTo(1);
    assertThat(generate.getParentSpanId()).isEqualTo(named("test-run.prompts receive").getSpanId());
    assertThat(named("test-run.prompts receive").getParentSpanId()).isEqualTo(ADMITTED);
    assertThat(named("adopt policy").getParentSpanId()).isEqualTo(generate.getSpanId());
    assertThat(named("prompts wait").getEndEpochNanos())
        .isLessThanOrEqualTo(generate.getEndEpochNanos());
    assertThat(spans.getFinishedSpanItems())
        .allMatch(span -> span.getTraceId().equals(TRACE))
        .noneMatch(span -> span.getAttributes().toString().contains("secret"));
  }

  private static void send(TopicsOfTest topics, PromptBatch batch, String flags) throws Exception {
    topics.send("prompts", batch.toByteArray(), "00-" + TRACE + "-" + ADMITTED + "-" + flags);
  }

  private SpanData named(String name) {
    List<SpanData> found =
        spans.getFinishedSpanItems().stream().filter(span -> span.getName().equals(name)).toList();
    assertThat(found).as(name).hasSize(1);
    return found.get(0);
  }

  /** With the SDK, and its spans kept here. */
  public static final class Traced implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "quarkus.otel.sdk.disabled", "false",
          "quarkus.otel.exporter.otlp.endpoint", "http://127.0.0.1:1");
    }
  }

  /** Where the spans go, in every test of the module that switches them on. */
  @Singleton
  static final class Kept {

    @Produces
    @Singleton
    InMemorySpanExporter spans() {
      return InMemorySpanExporter.create();
    }

    @Produces
    @Singleton
    SpanProcessor processor(InMemorySpanExporter spans) {
      return SimpleSpanProcessor.create(spans);
    }
  }
}
