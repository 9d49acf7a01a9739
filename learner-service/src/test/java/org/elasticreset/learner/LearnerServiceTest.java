package org.elasticreset.learner;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.elasticreset.proto.v1.TrainingEvent.EventCase.EVALUATION;
import static org.elasticreset.proto.v1.TrainingEvent.EventCase.RESET;
import static org.elasticreset.proto.v1.TrainingEvent.EventCase.RUN_ENDED;
import static org.elasticreset.proto.v1.TrainingEvent.EventCase.TRAINING_STEP;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.elasticreset.algorithm.PolicyStamp;
import org.elasticreset.broker.KafkaTopics;
import org.elasticreset.broker.LocalBroker;
import org.elasticreset.checkpoint.DurableFiles;
import org.elasticreset.proto.v1.Prompt;
import org.elasticreset.proto.v1.PromptBatch;
import org.elasticreset.proto.v1.Rollout;
import org.elasticreset.proto.v1.ScoredRollout;
import org.elasticreset.proto.v1.TrainingEvent;
import org.elasticreset.proto.v1.TrainingEvent.EventCase;
import org.junit.jupiter.api.Test;

/** The service over a real broker and a gRPC server; the test is workers and scorers. */
@QuarkusTest
@QuarkusTestResource(LearnerServiceTest.Surroundings.class)
class LearnerServiceTest {

  private static final int RESET_STEP = 2;

  @Inject TrainingRun run;

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String bootstrapServers;

  @TestHTTPResource("/q/health/ready")
  URI readiness = URI.create("");

  @TestHTTPResource("/q/metrics")
  URI metrics = URI.create("");

  @Test
  void runGoesFromPromptsToItsEndOverKafkaAndGrpc() throws Exception {
    assertThat(get(readiness).statusCode()).isEqualTo(503);
    CompletableFuture<Void> ended = run.start();
    List<TrainingEvent> events = new ArrayList<>();
    try (var reader = consumer("prompts", "training-events");
        var producer =
            new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", bootstrapServers),
                new StringSerializer(),
                new ByteArraySerializer())) {
      producer.send(scored("key", "garbage".getBytes(UTF_8)));
      producer.send(scored("key", ScoredRollout.newBuilder().setRunId("x").build().toByteArray()));
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (System.nanoTime() < deadline && !hasEnded(events)) {
        assertThat(ended.isCompletedExceptionally()).isFalse();
        for (var record : reader.poll(Duration.ofMillis(200))) {
          if (record.topic().endsWith("training-events")) {
            events.add(TrainingEvent.parseFrom(record.value()));
          } else {
            for (var rollout : work(PromptBatch.parseFrom(record.value()))) {
              producer.send(scored(rollout.getRollout().getRolloutId(), rollout.toByteArray()));
            }
          }
        }
      }
    }

    ended.get(10, TimeUnit.SECONDS);
    assertThat(events)
        .extracting(TrainingEvent::getEventCase)
        .containsExactly(
            EVALUATION,
            TRAINING_STEP,
            TRAINING_STEP,
            RESET,
            EVALUATION,
            TRAINING_STEP,
            EVALUATION,
            RUN_ENDED);
    assertThat(last(events, TRAINING_STEP).getPolicyVersion()).isEqualTo(4);
    assertThat(last(events, TRAINING_STEP).getResetEpoch()).isEqualTo(1);
    assertThat(deadLetters()).hasSize(2);
    assertThat(get(readiness).statusCode()).isEqualTo(200);
    assertThat(get(metrics).body())
        .contains("learner_step 3.0")
        .contains("learner_reset_epoch 1.0")
        .contains("learner_rollouts_dropped_total{reason=\"duplicate\"} 0.0")
        .contains("learner_phase_seconds_total{phase=\"waiting\"}");
  }

  private static boolean hasEnded(List<TrainingEvent> events) {
    return events.stream().anyMatch(event -> event.getEventCase() == RUN_ENDED);
  }

  private static TrainingEvent last(List<TrainingEvent> events, EventCase kind) {
    return events.stream()
        .filter(event -> event.getEventCase() == kind)
        .reduce((first, second) -> second)
        .orElseThrow();
  }

  private static List<ScoredRollout> work(PromptBatch batch) {
    long version = batch.getMinimumPolicyVersion();
    PolicyStamp policy = new PolicyStamp(version, version > RESET_STEP ? 1 : 0);
    List<ScoredRollout> scored = new ArrayList<>();
    for (Prompt prompt : batch.getPromptsList()) {
      var rollout =
          FakeWorkers.generate(batch.getPurpose(), batch.getTargetStep(), prompt, policy).rollout();
      Rollout.Builder generated =
          Rollout.newBuilder()
              .setRolloutId(rollout.id())
              .setPrompt(prompt.getText())
              .setResponse("response")
              .setPolicyVersion(policy.version())
              .setResetEpoch(policy.resetEpoch());
      for (int token : rollout.promptTokens()) {
        generated.addPromptTokens(token);
      }
      for (int t = 0; t < rollout.length(); t++) {
        generated.addResponseTokens(rollout.responseTokens()[t]);
        generated.addBehaviourLogProbs(rollout.behaviourLogProbs()[t]);
      }
      scored.add(
          ScoredRollout.newBuilder()
              .setRunId(batch.getRunId())
              .setBatchId(batch.getBatchId())
              .setPurpose(batch.getPurpose())
              .setTargetStep(batch.getTargetStep())
              .setRollout(generated)
              .setReward(rollout.reward())
              .build());
    }
    return scored;
  }

  private List<ConsumerRecord<String, byte[]>> deadLetters() {
    List<ConsumerRecord<String, byte[]>> letters = new ArrayList<>();
    try (var reader = consumer("dead-letters")) {
      for (int poll = 0; poll < 100 && letters.size() < 2; poll++) {
        reader.poll(Duration.ofMillis(200)).forEach(letters::add);
      }
    }
    return letters;
  }

  private KafkaConsumer<String, byte[]> consumer(String... topics) {
    var consumer =
        new KafkaConsumer<>(
            Map.<String, Object>of(
                "bootstrap.servers",
                bootstrapServers,
                "group.id",
                "test-" + topics[0],
                "auto.offset.reset",
                "earliest"),
            new StringDeserializer(),
            new ByteArrayDeserializer());
    consumer.subscribe(List.of(topics).stream().map(topic -> "test-run." + topic).toList());
    return consumer;
  }

  private static ProducerRecord<String, byte[]> scored(String key, byte[] value) {
    return new ProducerRecord<>("test-run.scored-rollouts", key, value);
  }

  private static HttpResponse<String> get(URI uri) throws Exception {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
  }

  /** A policy without an engine. */
  @Singleton
  static class FakePolicySource implements InitialPolicySource {

    @Override
    public TrainedPolicy open(LearnerConfig config, List<String> humanText) {
      return new FakePolicy();
    }
  }

  /** Broker, ema-service and settings. */
  public static class Surroundings implements QuarkusTestResourceLifecycleManager {

    private final LocalBroker broker = LocalBroker.startTemporary();
    private final FakeEmaServer emaServer = new FakeEmaServer(RESET_STEP, average());
    private Path directory;

    @Override
    public Map<String, String> start() {
      KafkaTopics.create(broker.bootstrapServers(), "test-run");
      try {
        directory = Files.createTempDirectory("learner-service-test");
        Map<String, String> properties = TestConfig.properties(directory);
        properties.put("kafka.bootstrap.servers", broker.bootstrapServers());
        properties.put("learner.ema-service", emaServer.address());
        return properties;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void stop() {
      emaServer.close();
      broker.close();
      try {
        DurableFiles.delete(directory);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static byte[] average() {
      ByteBuffer bytes = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asFloatBuffer().put(FakeEmaService.AVERAGE);
      return bytes.array();
    }
  }
}
