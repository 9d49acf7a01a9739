package org.elasticreset.reward;

import static java.nio.charset.StandardCharsets.US_ASCII;
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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.elasticreset.proto.v1.RolloutBatch;
import org.elasticreset.tracing.TraceKeys;
import org.elasticreset.tracing.Traceparent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The service over a real broker: what it adds to the trace of a step, and hands on. */
@QuarkusTest
@QuarkusTestResource(value = RewardServiceTest.Broker.class, restrictToAnnotatedClass = true)
@TestProfile(ScoreTraceTest.Traced.class)
@Timeout(300)
class ScoreTraceTest {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String GENERATED = "b7ad6b7169203331";

  @Inject InMemorySpanExporter spans;

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String bootstrapServers;

  @Test
  void batchIsScoredInTheTraceThatItCameWithAndEachScoreNamesItsSpan() throws Exception {
    send(Batches.of("train-3-0", "good", "sad"));
    send(Batches.of("train-3-1", "x").toBuilder().setRunId("another-run").build());

    var scored =
        new RunTopics(bootstrapServers, Duration.ofSeconds(40))
            .read("scored-rollouts", record -> true, 2);
    new RunTopics(bootstrapServers, Duration.ofSeconds(40)).read("dead-letters", record -> true, 1);

    // The span ends just behind what ends it.
    while (spans.getFinishedSpanItems().size() < 7) {
      Thread.sleep(20);
    }
    SpanData score = ofBatch("train-3-0");
    assertThat(score.getAttributes().get(TraceKeys.ROLLOUTS)).isEqualTo(2);
    assertThat(scored)
        .extracting(ScoreTraceTest::traceparent)
        .containsOnly("00-" + TRACE + "-" + score.getSpanId() + "-01");
    assertThat(score.getParentSpanId()).isEqualTo(ofName("test-run.rollouts receive").get(0));
    assertThat(ofBatch("train-3-1").getStatus().getDescription()).isEqualTo("foreign-run");
    assertThat(ofName("test-run.dead-letters publish")).hasSize(1);
    // A receive, a wait and a score for each batch, and none for each rollout.
    assertThat(spans.getFinishedSpanItems()).hasSize(1 + 2 * 3);
    assertThat(spans.getFinishedSpanItems())
        .allMatch(span -> span.getTraceId().equals(TRACE))
        .noneMatch(span -> span.getAttributes().toString().contains("It was"));
  }

  private static String traceparent(ConsumerRecord<String, byte[]> record) {
    return new String(record.headers().lastHeader(Traceparent.NAME).value(), US_ASCII);
  }

  private void send(RolloutBatch batch) throws Exception {
    Map<String, Object> settings = Map.of("bootstrap.servers", bootstrapServers);
    try (var producer =
        new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
      var record = new ProducerRecord<>("test-run.rollouts", "key", batch.toByteArray());
      record
          .headers()
          .add(Traceparent.NAME, ("00-" + TRACE + "-" + GENERATED + "-01").getBytes(US_ASCII));
      producer.send(record).get();
    }
  }

  private SpanData ofBatch(String batchId) {
    return spans.getFinishedSpanItems().stream()
        .filter(span -> span.getName().equals("score"))
        .filter(span -> batchId.equals(span.getAttributes().get(TraceKeys.BATCH_ID)))
        .findFirst()
        .orElseThrow();
  }

  private List<String> ofName(String name) {
    return spans.getFinishedSpanItems().stream()
        .filter(span -> span.getName().equals(name))
        .map(SpanData::getSpanId)
        .toList();
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
