package org.elasticreset.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.elasticreset.adversary.TestAuthority;
import org.elasticreset.adversary.TestAuthority.Identity;
import org.elasticreset.model.files.TensorShape;
import org.elasticreset.proto.TlsFiles;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The learner's side of mutual TLS, over a socket. */
@Timeout(180)
class EmaServiceTlsTest {

  private static final TrainedWeights WEIGHTS =
      new TrainedWeights() {
        @Override
        public List<TensorShape> tensors() {
          return List.of(new TensorShape("all", new long[] {1}));
        }

        @Override
        public long totalBytes() {
          return 4;
        }

        @Override
        public ByteBuffer read(long offset, int length) {
          return ByteBuffer.allocate(length);
        }

        @Override
        public void write(long offset, ByteBuffer bytes) {}

        @Override
        public byte[] digest() {
          return new byte[32];
        }
      };

  @TempDir Path directory;
  private TestAuthority authority;
  private FakeEmaServer server;

  @BeforeEach
  void start() {
    authority = new TestAuthority(directory, "ours");
    server =
        new FakeEmaServer(
            99, new byte[4], tls(authority.issue("ema-service")).orElseThrow().ofServer());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void learnerWithACertificateOpensItsRun() throws Exception {
    try (EmaServiceClient learner = client(tls(authority.issue("learner-service")), 20)) {
      assertThat(learner.open(WEIGHTS, ByteString.EMPTY, Optional.empty()).decay()).isEqualTo(0.5);
    }
  }

  @Test
  void learnerThatTheServiceDoesNotKnowIsToldWhy() {
    Identity foreign = new TestAuthority(directory, "foreign").issue("learner-service");
    try (EmaServiceClient learner = client(tls(foreign), 2)) {
      assertThatThrownBy(() -> learner.open(WEIGHTS, ByteString.EMPTY, Optional.empty()))
          .isInstanceOf(EmaServiceException.class)
          .hasMessageContaining("did not answer within 2 s")
          .hasMessageContaining("the other side wants a certificate of its authority");
    }
  }

  @Test
  void learnerWithoutTlsIsToldWhy() {
    try (EmaServiceClient learner = client(Optional.empty(), 2)) {
      assertThatThrownBy(() -> learner.open(WEIGHTS, ByteString.EMPTY, Optional.empty()))
          .isInstanceOf(EmaServiceException.class)
          .hasMessageContaining("did not answer within 2 s")
          .hasMessageContaining("as of a server that expects TLS");
    }
  }

  private EmaServiceClient client(Optional<TlsFiles> tls, int seconds) {
    return new EmaServiceClient(server.address(), "run", Duration.ofSeconds(seconds), tls);
  }

  private Optional<TlsFiles> tls(Identity identity) {
    return TlsFiles.of(
        "learner.tls",
        Optional.of(identity.certificate()),
        Optional.of(identity.key()),
        "authority",
        Optional.of(authority.certificate()));
  }
}
