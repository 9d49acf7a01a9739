package org.elasticreset.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.elasticreset.proto.WorkerName;
import org.elasticreset.proto.v1.ElasticResetGrpc;
import org.elasticreset.proto.v1.FetchPolicyRequest;
import org.elasticreset.proto.v1.FetchPolicyResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EmaServiceClientTest {

  private final OneVersion service = new OneVersion();

  private static final String KEY = "rollout.ema-service";

  private Server server;
  private EmaServiceClient client;

  @BeforeEach
  void start() throws Exception {
    server =
        NettyServerBuilder.forPort(0)
            .intercept(WorkerName.received())
            .addService(service)
            .build()
            .start();
    client = client(Policies.RUN);
  }

  @AfterEach
  void stop() {
    client.close();
    server.shutdownNow();
  }

  private EmaServiceClient client(String runId) {
    return new EmaServiceClient(
        KEY,
        "localhost:" + server.getPort(),
        runId,
        "worker-1",
        Duration.ofSeconds(5),
        Optional.empty());
  }

  @Test
  void fetchesTheNewestPolicyOverGrpc() {
    assertThat(client.fetchNewerThan(3).version()).isEqualTo(Policies.version(4));
  }

  @Test
  void saysWhoKeepsTheNewestAndNothingOfWhoLooksUpAnother() {
    client.fetchNewerThan(3);
    client.fetch(4);

    assertThat(service.workers).containsExactly("worker-1", "");
  }

  @Test
  void refusalNamesTheServiceAndItsWords() {
    try (var other = client("other")) {
      assertThatThrownBy(() -> other.fetchNewerThan(0))
          .isInstanceOf(PolicyFetchException.class)
          .hasMessage(
              "ema-service at localhost:"
                  + server.getPort()
                  + " answered NOT_FOUND, run other is not served");
    }
  }

  @Test
  void serviceOutOfReachIsAFailedFetch() {
    int port = server.getPort();
    server.shutdownNow();

    assertThatThrownBy(() -> client.fetchNewerThan(0))
        .isInstanceOf(PolicyFetchException.class)
        .hasMessageStartingWith("ema-service at localhost:" + port + " answered UNAVAILABLE");
  }

  @Test
  void addressWithoutPortIsRefused() {
    assertThatThrownBy(
            () ->
                new EmaServiceClient(
                    KEY, "localhost", "run", "worker", Duration.ofSeconds(1), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("rollout.ema-service: localhost (expected: host:port)");
  }

  private static final class OneVersion extends ElasticResetGrpc.ElasticResetImplBase {

    private final List<String> workers = new CopyOnWriteArrayList<>();

    @Override
    public void fetchPolicy(
        FetchPolicyRequest request, StreamObserver<FetchPolicyResponse> responses) {
      workers.add(WorkerName.ofCaller());
      if (!request.getRunId().equals(Policies.RUN)) {
        responses.onError(
            Status.NOT_FOUND
                .withDescription("run " + request.getRunId() + " is not served")
                .asRuntimeException());
        return;
      }
      Policies.messages(4).forEach(responses::onNext);
      responses.onCompleted();
    }
  }
}
