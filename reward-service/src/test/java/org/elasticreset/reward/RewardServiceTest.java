package org.elasticreset.reward;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.elasticreset.broker.KafkaTopics;
import org.elasticreset.broker.LocalBroker;
import org.elasticreset.proto.v1.RolloutBatch;
import org.elasticreset.proto.v1.ScoredRollout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole service over a real broker, with rules as scorers. */
@QuarkusTest
@QuarkusTestResource(value = RewardServiceTest.Broker.class, restrictToAnnotatedClass = true)
class RewardServiceTest {

  private static final byte[] GARBAGE = "not protobuf".getBytes(StandardCharsets.UTF_8);

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String bootstrapServers;

  @TestHTTPResource("/")
  URI http;

  @Test
  void scoresBatchesAndPutsPoisonToTheDeadLettersOnTheWay() throws Exception {
    RolloutBatch foreign = Batches.of("train-3-1", "a").toBuilder().setRunId("another-run").build();
    topics()
        .send(
            "rollouts",
            "key",
            GARBAGE,
            foreign.toByteArray(),
            Batches.of("train-3-0", "good", "sad").toByteArray(),
            Batches.of("train-3-0", "good", "sad").toByteArray());

    var scored = topics().read("scored-rollouts", record -> true, 4);

    assertThat(scored)
        .extracting(ConsumerRecord::key)
        .containsExactlyInAnyOrder("train-3-0/0", "train-3-0/1", "train-3-0/0", "train-3-0/1");
    assertThat(scored)
        .extracting(ConsumerRecord::partition)
        .containsOnly(scored.get(0).partition());
    for (var record : scored) {
      var rollout = ScoredRollout.parseFrom(record.value());
      boolean good = rollout.getRollout().getResponse().equals("good");
      assertThat(rollout.getScoresMap()).containsOnlyKeys("good", "length");
      assertThat(rollout.getReward()).isEqualTo(good ? 3 : 0.75);
      assertThat(rollout.getJudge()).isEqualTo(good ? 0 : 1);
    }
    var dead = topics().read("dead-letters", record -> true, 2);
    assertThat(dead)
        .extracting(ConsumerRecord::value)
        .containsExactlyInAnyOrder(GARBAGE, foreign.toByteArray());
    assertThat(dead)
        .extracting(letter -> header(letter, "dead-letter-reason"))
        .anySatisfy(
            reason ->
                assertThat(reason)
                    .isEqualTo("foreign-run: run_id: another-run (expected: test-run)"));
    assertThat(get("q/metrics"))
        .contains("reward_rollouts_total 4.0")
        .contains("dead_letters_total{reason=\"foreign-run\"} 1.0");
    assertThat(get("q/health/ready")).contains("\"status\": \"UP\"");
  }

  @Test
  void answersNoRaterWhereNobodyIsAsked() throws Exception {
    for (String path :
        List.of("api/rater", "api/session", "api/raters", "rate", "webhooks/argilla", "")) {
      var call = HttpRequest.newBuilder(http.resolve(path)).header("Authorization", "Bearer any");

      var answer = HttpClient.newHttpClient().send(call.build(), BodyHandlers.ofString());

      assertThat(answer.statusCode()).as(path).isEqualTo(404);
      assertThat(answer.body()).as(path).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"rate", "rate/", "rate/main.js", "api/rater", "api/session"})
  void nothingOfRatersIsThereWhereNobodyIsAsked(String path) throws Exception {
    var request = HttpRequest.newBuilder(http.resolve(path)).build();

    var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(404);
  }

  private String get(String path) throws Exception {
    var request = HttpRequest.newBuilder(http.resolve(path)).build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
  }

  private static String header(ConsumerRecord<String, byte[]> letter, String name) {
    var header = letter.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
  }

  private RunTopics topics() {
    return new RunTopics(bootstrapServers, Duration.ofSeconds(40));
  }

  /** A broker with the topics of the run, and the settings of the service. */
  public static final class Broker implements QuarkusTestResourceLifecycleManager {

    private LocalBroker broker;

    @Override
    public Map<String, String> start() {
      broker = LocalBroker.startTemporary();
      KafkaTopics.create(broker.bootstrapServers(), "test-run");
      return Map.ofEntries(
          Map.entry("kafka.bootstrap.servers", broker.bootstrapServers()),
          Map.entry("quarkus.http.test-port", "0"),
          Map.entry("reward.run-id", "test-run"),
          Map.entry("reward.scorers.good.type", "regex"),
          Map.entry("reward.scorers.good.pattern", "good"),
          Map.entry("reward.scorers.good.weight", "2"),
          Map.entry("reward.scorers.length.type", "length"),
          Map.entry("reward.scorers.length.target-tokens", "4"),
          Map.entry("reward.judge.type", "regex"),
          Map.entry("reward.judge.pattern", "sad"));
    }

    @Override
    public void stop() {
      Objects.requireNonNull(broker).close();
    }
  }
}
