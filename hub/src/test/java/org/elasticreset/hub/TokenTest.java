package org.elasticreset.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenTest extends HubFixture {

  @BeforeEach
  void logIn() throws HubException {
    token = Optional.of(HubToken.of("HF_TOKEN", " hf_secret\n"));
  }

  @Test
  void theHubGetsItAndTheStoreDoesNot() throws Exception {
    fetch();

    assertThat(hub.asked())
        .allSatisfy(
            r -> assertThat(r.headers()).containsEntry("Authorization", "Bearer hf_secret"));
    assertThat(hub.askedOfStore())
        .isNotEmpty()
        .allSatisfy(r -> assertThat(r.headers()).doesNotContainKey("Authorization"));
  }

  @Test
  void anotherPortOfTheSameHostIsAnotherHost() throws Exception {
    try (var other = new RawServer("127.0.0.1", RawServer.status(404))) {
      hub.next("GET", "main", RawServer.status(302, "Location: " + other.address() + "/api"));

      assertThatThrownBy(this::fetch).isInstanceOf(HubException.class);

      assertThat(other.requests())
          .isNotEmpty()
          .allSatisfy(r -> assertThat(r.headers()).doesNotContainKey("Authorization"));
    }
  }

  @Test
  void aModelThatMovedIsFollowedOnTheHubWithIt() throws Exception {
    hub.next(
        "GET",
        "main",
        RawServer.status(307, "Location: /api/models/org/tiny/revision/" + FakeHub.COMMIT));

    fetch();

    assertThat(hub.asked().get(1).headers()).containsEntry("Authorization", "Bearer hf_secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:///etc/passwd", "ftp://x/y", "http://", "", "%%"})
  void aRedirectToNoAddressIsRefused(String location) {
    hub.next("GET", "main", RawServer.status(302, "Location: " + location));

    assertThatThrownBy(this::fetch)
        .isInstanceOf(HubException.class)
        .hasMessageContaining("a redirect");
  }

  @Test
  void aRedirectFromHttpsToHttpIsRefused() throws Exception {
    URI safe = URI.create("https://hub.example/a");

    assertThat(HubHttp.target(safe, "/b")).hasToString("https://hub.example/b");
    assertThatThrownBy(() -> HubHttp.target(safe, "http://store.example/b"))
        .isInstanceOf(HubException.class)
        .hasMessage("hub.example: a redirect (expected: to an http address, as safe as it was)");
  }

  @Test
  void aRedirectInACircleEnds() {
    for (int i = 0; i < 10; i++) {
      hub.next("GET", "main", RawServer.status(302, "Location: /api/models/x/main"));
    }

    assertThatThrownBy(this::fetch)
        .isInstanceOf(HubException.class)
        .hasMessageContaining("more than 5 redirects");
  }

  @Test
  void neitherItNorASignatureIsToldToAnyone() throws Exception {
    for (int i = 0; i < 6; i++) {
      hub.next("GET", "model.safetensors", RawServer.status(403));
    }

    assertThatThrownBy(this::fetch)
        .isInstanceOf(HubException.class)
        .satisfies(e -> assertSilent(String.valueOf(e)))
        .satisfies(e -> assertSilent(String.valueOf(e.getCause())));

    assertThat(told).hasSize(5).allSatisfy(TokenTest::assertSilent);
    assertThat(String.valueOf(token)).doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hf_se\ncret", "hf secret", "geheimnis\u00fc", "a\u0000b"})
  void aTokenThatNoHeaderCanCarryIsRefusedWithoutShowingIt(String secret) {
    assertThatThrownBy(() -> HubToken.of("HF_TOKEN", secret))
        .isInstanceOf(HubException.class)
        .hasMessageStartingWith("HF_TOKEN: a token (expected:")
        .hasMessageNotContaining(secret);
  }

  private static void assertSilent(String line) {
    assertThat(line).doesNotContain("hf_secret").doesNotContain("signature").doesNotContain("?");
  }
}
