package org.elasticreset.ema;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.elasticreset.broker.KafkaTopics;
import org.elasticreset.broker.LocalBroker;
import org.elasticreset.checkpoint.DurableFiles;
import org.elasticreset.proto.PolicyVersionDeserializer;
import org.elasticreset.proto.v1.PolicyVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The service as it is deployed, on a real broker. */
@QuarkusTest
@QuarkusTestResource(EmaServiceTest.Broker.class)
class EmaServiceTest {

  private static final int COUNT = 1000;

  @Inject EmaService service;

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String bootstrapServers;

  @Test
  void versionsAreAnnouncedInOrderAndTheServiceIsReadyOnceItHasWeights() throws Exception {
    assertThat(status("q/health/live")).isEqualTo(200);
    assertThat(status("q/health/ready")).isEqualTo(503);
    var initial = Policies.random(COUNT, 0);

    try (var learner = new TestLearner(service.port())) {
      learner.open(Policies.openRun(initial));
      learner.upload(Policies.checkpoint(0), Policies.bytes(initial));
      assertThat(status("q/health/ready")).isEqualTo(503);
      learner.release(0, 0L);
      assertThat(status("q/health/ready")).isEqualTo(200);
      learner.upload(1, Policies.random(COUNT, 1));
      var reset = learner.upload(2, Policies.random(COUNT, 2)).getReset();
      learner.adopt(reset.getTotalBytes());
      learner.release(2, 0L, 2L);

      // An answered version is announced.
      var announced = announced(3);
      assertThat(announced).extracting(ConsumerRecord::key).containsOnly(Policies.RUN);
      assertThat(announced)
          .extracting(record -> record.value().getVersion())
          .containsExactly(1L, 2L, 3L);
      assertThat(announced.get(2).value())
          .isEqualTo(
              PolicyVersion.newBuilder()
                  .setRunId(Policies.RUN)
                  .setVersion(3)
                  .setResetEpoch(1)
                  .setStep(2)
                  .setDigest(
                      Policies.digest(
                          Policies.average(
                              initial,
                              List.of(Policies.random(COUNT, 1), Policies.random(COUNT, 2)))))
                  .build());
    }
    assertThat(get("q/metrics").body())
        .contains("ema_policy_version 3.0")
        .contains("ema_reset_epoch 1.0")
        .contains("ema_updates_total 2.0")
        .contains("ema_updates_since_reset 0.0")
        .contains("ema_initial_share 1.0")
        .contains("ema_received_bytes_total 12000.0")
        .contains("ema_sent_bytes_total 4000.0")
        .contains("ema_update_seconds_count 3")
        .contains("ema_snapshot_seconds_count 2")
        .contains("ema_held_version 0.0")
        .contains("ema_went_back_total 0.0")
        .contains("ema_resets_total{trigger=\"every-n-updates\"} 1.0");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "console",
        "console/main.js",
        "webjars/uplot/1.6.30/dist/uPlot.esm.js",
        "api/console/status",
        "api/console/events"
      })
  void nothingOfTheConsoleIsThereUnlessItIsEnabled(String path) throws Exception {
    assertThat(status(path)).isEqualTo(404);
  }

  private int status(String path) throws Exception {
    return get(path).statusCode();
  }

  private HttpResponse<String> get(String path) throws Exception {
    var http = ConfigProvider.getConfig().getValue("test.url", String.class);
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(http + "/" + path)).build(),
            HttpResponse.BodyHandlers.ofString());
  }

  private List<ConsumerRecord<String, PolicyVersion>> announced(int count) {
    try (var consumer =
        new KafkaConsumer<>(
            Map.<String, Object>of("bootstrap.servers", bootstrapServers),
            new StringDeserializer(),
            new PolicyVersionDeserializer())) {
      var partition = new TopicPartition(Policies.RUN + ".policy-versions", 0);
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      var records = new ArrayList<ConsumerRecord<String, PolicyVersion>>();
      for (int poll = 0; poll < 100 && records.size() < count; poll++) {
        consumer.poll(Duration.ofMillis(200)).forEach(records::add);
      }
      return records;
    }
  }

  /** The broker of this test. */
  public static class Broker implements QuarkusTestResourceLifecycleManager {

    private final LocalBroker broker = LocalBroker.startTemporary();
    private final Path directory = temporaryDirectory();

    @Override
    public Map<String, String> start() {
      KafkaTopics.create(broker.bootstrapServers(), Policies.RUN);
      return Map.of(
          "kafka.bootstrap.servers",
          broker.bootstrapServers(),
          "ema.directory",
          directory.toString());
    }

    @Override
    public void stop() {
      broker.close();
      try {
        DurableFiles.delete(directory);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private static Path temporaryDirectory() {
      try {
        return Files.createTempDirectory("ema-service-test");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
