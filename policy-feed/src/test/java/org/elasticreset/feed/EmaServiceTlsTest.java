package org.elasticreset.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.elasticreset.adversary.TestAuthority;
import org.elasticreset.adversary.TestAuthority.Identity;
import org.elasticreset.proto.TlsFiles;
import org.elasticreset.proto.v1.ElasticResetGrpc;
import org.elasticreset.proto.v1.FetchPolicyRequest;
import org.elasticreset.proto.v1.FetchPolicyResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The worker's side of mutual TLS, over a socket. */
@Timeout(180)
class EmaServiceTlsTest {

  @TempDir Path directory;
  private TestAuthority authority;
  private Server server;

  @BeforeEach
  void start() throws Exception {
    authority = new TestAuthority(directory, "ours");
    server =
        NettyServerBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                tls(authority.issue("ema-service")).orElseThrow().ofServer())
            .addService(
                new ElasticResetGrpc.ElasticResetImplBase() {
                  @Override
                  public void fetchPolicy(
                      FetchPolicyRequest request, StreamObserver<FetchPolicyResponse> responses) {
                    Policies.messages(4).forEach(responses::onNext);
                    responses.onCompleted();
                  }
                })
            .build()
            .start();
  }

  @AfterEach
  void stop() {
    server.shutdownNow();
  }

  @Test
  void workerWithACertificateFetches() {
    try (var worker = client(tls(authority.issue("rollout-service")))) {
      assertThat(worker.fetchNewerThan(3).version()).isEqualTo(Policies.version(4));
    }
  }

  @Test
  void workerThatTheServiceDoesNotKnowIsToldWhy() {
    var foreign = new TestAuthority(directory, "foreign").issue("rollout-service");
    try (var worker = client(tls(foreign))) {
      assertThatThrownBy(() -> worker.fetchNewerThan(3))
          .isInstanceOf(PolicyFetchException.class)
          .hasMessageContaining("the other side wants a certificate of its authority");
    }
  }

  @Test
  void settingsThatDoNotGoTogetherAreNamed() {
    var identity = authority.issue("rollout-service");

    assertThatThrownBy(
            () ->
                TlsFiles.of(
                    "rollout.tls",
                    Optional.of(identity.certificate()),
                    Optional.empty(),
                    "authority",
                    Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("rollout.tls.key: none (expected: certificate, key and authority together)");
  }

  private EmaServiceClient client(Optional<TlsFiles> tls) {
    return new EmaServiceClient(
        "rollout.ema-service",
        "localhost:" + server.getPort(),
        Policies.RUN,
        "worker",
        Duration.ofSeconds(10),
        tls);
  }

  private Optional<TlsFiles> tls(Identity identity) {
    return TlsFiles.of(
        "rollout.tls",
        Optional.of(identity.certificate()),
        Optional.of(identity.key()),
        "authority",
        Optional.of(authority.certificate()));
  }
}
