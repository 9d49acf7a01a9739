package org.elasticreset.reward.raters.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.common.WithTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.smallrye.jwt.build.Jwt;
import java.net.URI;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.elasticreset.proto.v1.Rating;
import org.junit.jupiter.api.Test;

/** Raters whom a provider knows, beside those who have a key. */
@QuarkusTest
@WithTestResource(TokensOfAProviderTest.Provider.class)
class TokensOfAProviderTest {

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String bootstrapServers;

  @TestHTTPResource("/")
  URI http;

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
      settings.put("reward.raters.oidc.enabled", "true");
      settings.put(
          "quarkus.oidc.public-key",
          Base64.getEncoder().encodeToString(KEYS.getPublic().getEncoded()));
      return settings;
    }

    @Override
    public void stop() {
      people.stop();
    }
  }
}
