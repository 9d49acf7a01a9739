package org.elasticreset.reward.raters.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.assertj.core.api.Assertions;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.elasticreset.proto.v1.NextRequestsRequest;
import org.elasticreset.proto.v1.RateRequest;
import org.elasticreset.proto.v1.RatersGrpc;
import org.elasticreset.proto.v1.Rating;
import org.elasticreset.reward.raters.example.RateByGrpc;
import org.elasticreset.reward.raters.example.RateByKafka;
import org.elasticreset.reward.raters.grpc.RatersServer;
import org.junit.jupiter.api.Test;

/** What docs/raters.md says that programs do, done as it says. */
@QuarkusTest
@WithTestResource(AskedPeople.class)
class RatersPageExamplesTest {

  private static final JsonMapper JSON = new JsonMapper();
  private static final Path PAGE = Path.of("../docs/raters.md");

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String bootstrapServers;

  @TestHTTPResource("/")
  URI http;

  @Inject RatersServer grpc;

  @Test
  void byHttpWithCurl() throws Exception {
    var topics = new Topics(bootstrapServers);
    topics.askPair("train-5-0/0@1", 5);
    Caller.withKeyOf(http, "gus").next("train-5-0/0@1");
    List<String> blocks = blocks("## By HTTP");
    assertThat(blocks).hasSizeGreaterThanOrEqualTo(2);

    JsonNode next = JSON.readTree(run(blocks.get(0), Map.of()));
    String request = next.path("requests").get(0).path("requestId").asText();
    JsonNode taken = JSON.readTree(run(blocks.get(1), Map.of("REQUEST", request)));

    assertThat(taken.path("requestId").asText()).isEqualTo(request);
    assertThat(taken.path("revision").asLong()).isPositive();
    topics.await("ratings", record -> by("gus", record.value()));
  }

  private String run(String block, Map<String, String> environment) throws Exception {
    var shell = new ProcessBuilder("bash", "-euc", block);
    shell.environment().put("SERVICE", http.toString().replaceFirst("/$", ""));
    shell.environment().put("KEY", AskedPeople.keyOf("gus"));
    shell.environment().putAll(environment);
    Process process = shell.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }

  @Test
  void byGrpcInJava() throws Exception {
    var topics = new Topics(bootstrapServers);
    topics.askPair("train-6-0/0@1", 5);
    Caller.withKeyOf(http, "hal").next("train-6-0/0@1");
    assertNamed(RateByGrpc.class);

    RateByGrpc.main("127.0.0.1:" + grpc.port(), AskedPeople.keyOf("hal"));

    Rating rating =
        Rating.parseFrom(topics.await("ratings", record -> by("hal", record.value())).value());
    assertThat(rating.getSource()).isEqualTo("grpc");
    assertThat(rating.getRunId()).isEqualTo(AskedPeople.RUN);
  }

  @Test
  void byKafkaInJava() throws Exception {
    var topics = new Topics(bootstrapServers);
    topics.askPair("train-7-0/0@1", 5);
    topics.await("rating-requests", record -> record.key().equals("train-7-0/0@1#0"));
    assertNamed(RateByKafka.class);

    RateByKafka.main(bootstrapServers, AskedPeople.RUN, "train-7-0/0@1#0", "straight");

    topics.await("rating-audit", record -> record.key().equals("train-7-0/0@1#0"));
  }

  @Test
  void grpcRefusesAsHttpDoes() {
    ManagedChannel channel =
        Grpc.newChannelBuilder("127.0.0.1:" + grpc.port(), InsecureChannelCredentials.create())
            .build();
    try {
      var call = NextRequestsRequest.getDefaultInstance();
      var rating = RateRequest.newBuilder().setRating(Rating.newBuilder().setRequestId("nonsense"));
      assertStatus(
          Status.Code.UNAUTHENTICATED,
          () -> RatersGrpc.newBlockingStub(channel).nextRequests(call));
      assertStatus(Status.Code.UNAUTHENTICATED, () -> as(channel, "made-up").nextRequests(call));
      assertStatus(
          Status.Code.PERMISSION_DENIED,
          () -> as(channel, AskedPeople.keyOf("olga")).nextRequests(call));
      assertStatus(
          Status.Code.NOT_FOUND, () -> as(channel, AskedPeople.keyOf("ida")).rate(rating.build()));
      assertStatus(
          Status.Code.INVALID_ARGUMENT,
          () ->
              as(channel, AskedPeople.keyOf("ida"))
                  .nextRequests(NextRequestsRequest.newBuilder().setMax(21).build()));
    } finally {
      channel.shutdownNow();
    }
  }

  private static RatersGrpc.RatersBlockingStub as(ManagedChannel channel, String key) {
    var headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + key);
    return RatersGrpc.newBlockingStub(channel)
        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  private static void assertStatus(Status.Code code, Runnable call) {
    Assertions.assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class, e -> assertThat(e.getStatus().getCode()).isEqualTo(code));
  }

  private static boolean by(String rater, byte[] value) {
    try {
      return Rating.parseFrom(value).getRaterId().equals(rater);
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      return false;
    }
  }

  private static void assertNamed(Class<?> example) throws Exception {
    assertThat(Files.readString(PAGE)).contains(example.getSimpleName() + ".java");
  }

  /** The shell blocks of a section. */
  private static List<String> blocks(String section) throws Exception {
    String page = Files.readString(PAGE);
    String from = page.substring(page.indexOf(section) + section.length());
    int end = from.indexOf("\n## ");
    return Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL)
        .matcher(end < 0 ? from : from.substring(0, end))
        .results()
        .map((MatchResult block) -> block.group(1))
        .toList();
  }
}
