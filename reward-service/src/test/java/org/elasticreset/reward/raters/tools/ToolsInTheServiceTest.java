package org.elasticreset.reward.raters.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.elasticreset.reward.raters.tools.ToolRequests.pair;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.elasticreset.proto.ProtobufSerializer;
import org.elasticreset.proto.v1.Purpose;
import org.elasticreset.proto.v1.RatingCase;
import org.elasticreset.proto.v1.RatingRequest;
import org.elasticreset.proto.v1.Rollout;
import org.elasticreset.proto.v1.ScoredRollout;
import org.elasticreset.reward.raters.tools.LabellingTool.Posted;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** From a case to both tools and back, over a real broker and with the desk behind it. */
@QuarkusTest
@QuarkusTestResource(value = ToolsAndBroker.class, restrictToAnnotatedClass = true)
class ToolsInTheServiceTest {

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String bootstrapServers;

  // Not the fakes themselves: the test may have been loaded anew, and they with it. Optional, since
  // the service starts with the fields of this test in the tests of others, too.
  @ConfigProperty(name = "reward.raters.argilla.url")
  Optional<URI> argillaAddress;

  @ConfigProperty(name = "reward.raters.label-studio.url")
  Optional<URI> labelStudioAddress;

  @TestHTTPResource("/")
  URI http;

  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  @Timeout(300)
  void aRequestIsInBothToolsUntilAnAnswerDecidesIt() throws Exception {
    LabellingTool argilla =
        new ArgillaApi(
            new ToolHttp(argillaAddress.orElseThrow()),
            FakeArgilla.KEY,
            ToolRequests.RUN,
            "people",
            "run-1");
    var address = new ToolHttp(labelStudioAddress.orElseThrow());
    LabellingTool labelStudio =
        new LabelStudioApi(
            address,
            new LabelStudioKey(address, FakeLabelStudio.LEGACY, Clock.systemUTC()),
            ToolRequests.RUN,
            "run-1");
    RatingRequest request =
        pair(1).toBuilder().setDeadlineMillis(System.currentTimeMillis() + 600_000).build();
    ask(request);
    awaitRequests(argilla, request.getRequestId());
    awaitRequests(labelStudio, request.getRequestId());

    byte[] body = Deliveries.argilla("response.created", request, Instant.now().toString());
    var signed = Deliveries.signed("m1", Instant.now(), body, Deliveries.SECRET);

    assertThat(post("webhooks/argilla", Map.of(), body)).isEqualTo(401);
    assertThat(post("webhooks/label-studio", signed, body)).isEqualTo(401);
    assertThat(post("webhooks/argilla", signed, body)).isEqualTo(200);
    assertThat(post("webhooks/argilla", signed, body)).as("a replay").isEqualTo(202);
    awaitRequests(argilla);
    awaitRequests(labelStudio);
  }

  private int post(String path, Map<String, String> headers, byte[] body)
      throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(http.resolve(path)).POST(BodyPublishers.ofByteArray(body));
    headers.forEach(request::header);
    return client.send(request.build(), BodyHandlers.discarding()).statusCode();
  }

  private static void awaitRequests(LabellingTool tool, String... requestIds) throws Exception {
    List<String> has = List.of();
    for (int i = 0; i < 300; i++) {
      has = tool.list().stream().map(Posted::requestId).toList();
      if (has.equals(List.of(requestIds))) {
        return;
      }
      Thread.sleep(100);
    }
    assertThat(has).containsExactly(requestIds);
  }

  private void ask(RatingRequest request) throws Exception {
    String caseId = request.getRequestId().replace("#0", "");
    RatingCase.Builder asked =
        RatingCase.newBuilder()
            .setRunId(ToolRequests.RUN)
            .setCaseId(caseId)
            .setReason("share")
            .addRequests(request);
    for (int i = 0; i < request.getCandidatesCount(); i++) {
      asked.addRollouts(
          ScoredRollout.newBuilder()
              .setRunId(ToolRequests.RUN)
              .setPurpose(Purpose.TRAINING)
              .setTargetStep(12)
              .setReward(0.5)
              .setRollout(Rollout.newBuilder().setRolloutId(caseId + "/" + i)));
    }
    try (var producer =
        new KafkaProducer<String, com.google.protobuf.MessageLite>(
            Map.of("bootstrap.servers", bootstrapServers),
            new StringSerializer(),
            new ProtobufSerializer())) {
      producer
          .send(new ProducerRecord<>(ToolRequests.RUN + ".rating-cases", caseId, asked.build()))
          .get(30, TimeUnit.SECONDS);
    }
  }
}
