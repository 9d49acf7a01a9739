package org.elasticreset.reward.raters.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.stub.MetadataUtils;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.jwt.build.Jwt;
import jakarta.inject.Inject;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.elasticreset.adversary.TestAuthority;
import org.elasticreset.checkpoint.DurableFiles;
import org.elasticreset.proto.v1.NextRequestsRequest;
import org.elasticreset.proto.v1.RatersGrpc;
import org.elasticreset.proto.v1.Rating;
import org.elasticreset.reward.raters.grpc.RatersServer;
import org.junit.jupiter.api.Test;

/** Raters whom a provider knows, beside those who have a key. */
@QuarkusTest
@WithTestResource(TokensOfAProviderTest.Provider.class)
class TokensOfAProviderTest {

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String bootstrapServers;

  @TestHTTPResource("/")
  URI http;

  @Inject RatersServer grpc;

  @Test
  void aTokenOfTheProviderSaysWhoARaterIs() throws Exception {
    var topics = new Topics(bootstrapServers);
    topics.askPair("train-1-0/0@1", 1);
    Caller subject = bearer(token("5f1c", "rater", Provider.KEYS, 60));
    String id = subject.next("train-1-0/0@1").path("requestId").asText();

    var taken =
        subject.post("/api/ratings", "{\"requestId\":\"%s\",\"ranks\":[1,2]}".formatted(id));

    assertThat(taken.statusCode()).isEqualTo(202);
    Rating rating = topics.rating("5f1c", "train-1-0/0@1#0");
    assertThat(rating.getRanks().getRanksList()).containsExactly(1, 2);
  }

  @Test
  void nobodyComesInWithATokenThatIsNotTheProviders() throws Exception {
    KeyPair another = Provider.keys();

    assertThat(status(token("ann", "rater", another, 60))).isEqualTo(401);
    assertThat(status(token("ann", "rater", Provider.KEYS, -600))).isEqualTo(401);
    assertThat(status(token("ann", "janitor", Provider.KEYS, 60))).isEqualTo(403);
    assertThat(status("made-up")).isEqualTo(401);
    assertThat(status(token("ann\nroot", "rater", Provider.KEYS, 60))).isEqualTo(400);
    assertThat(status(token("a".repeat(201), "rater", Provider.KEYS, 60))).isEqualTo(400);
    assertThat(status(AskedPeople.keyOf("ann"))).isEqualTo(200);
  }

  @Test
  void keysTravelToGrpcInTlsOnly() throws Exception {
    var call = NextRequestsRequest.getDefaultInstance();

    Status.Code inTls = next(Provider.tls(), call);
    // Until it has read what is open.
    for (int i = 0; i < 200 && inTls == Status.Code.UNAVAILABLE; i++) {
      Thread.sleep(100);
      inTls = next(Provider.tls(), call);
    }

    assertThat(inTls).isEqualTo(Status.Code.OK);
    assertThat(next(InsecureChannelCredentials.create(), call)).isEqualTo(Status.Code.UNAVAILABLE);
  }

  private Status.Code next(ChannelCredentials credentials, NextRequestsRequest call) {
    var headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
        "Bearer " + AskedPeople.keyOf("bob"));
    ManagedChannel channel =
        Grpc.newChannelBuilder("localhost:" + grpc.port(), credentials)
            .intercept(MetadataUtils.newAttachHeadersInterceptor(headers))
            .build();
    try {
      RatersGrpc.newBlockingStub(channel)
          .withDeadlineAfter(20, TimeUnit.SECONDS)
          .nextRequests(call);
      return Status.Code.OK;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode();
    } finally {
      channel.shutdownNow();
    }
  }

  private int status(String token) throws Exception {
    return bearer(token).get("/api/rating-requests").statusCode();
  }

  private Caller bearer(String token) {
    return new Caller(http, "Authorization", "Bearer " + token);
  }

  private static String token(String subject, String role, KeyPair keys, long lifeSeconds) {
    long now = System.currentTimeMillis() / 1000;
    return Jwt.claims()
        .subject(subject)
        .groups(Set.of(role))
        .issuedAt(now - 3600)
        .expiresAt(now + lifeSeconds)
        .sign(keys.getPrivate());
  }

  /** As {@link AskedPeople}, with the key of a provider. */
  public static final class Provider implements QuarkusTestResourceLifecycleManager {

    static final KeyPair KEYS = keys();

    private final AskedPeople people = new AskedPeople();
    private Path directory;

    /** Of a client that trusts the authority, whose file is where the setting of it says. */
    static ChannelCredentials tls() throws IOException {
      String authority = System.getProperty("test.raters.authority");
      return TlsChannelCredentials.newBuilder().trustManager(new File(authority)).build();
    }

    static KeyPair keys() {
      try {
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return generator.generateKeyPair();
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public Map<String, String> start() {
      var settings = new HashMap<>(people.start());
      try {
        directory = Files.createTempDirectory("raters-tls");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      var authority = new TestAuthority(directory, "raters");
      var identity = authority.issue("reward-service");
      System.setProperty("test.raters.authority", authority.certificate().toString());
      settings.put("reward.raters.grpc.host", "0.0.0.0");
      settings.put("reward.raters.grpc.certificate", identity.certificate().toString());
      settings.put("reward.raters.grpc.key", identity.key().toString());
      settings.put("reward.raters.oidc.enabled", "true");
      settings.put(
          "quarkus.oidc.public-key",
          Base64.getEncoder().encodeToString(KEYS.getPublic().getEncoded()));
      return settings;
    }

    @Override
    public void stop() {
      people.stop();
      try {
        DurableFiles.delete(directory);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
