package org.elasticreset.ema;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The console's door where keys tell people apart. */
@QuarkusTest
@TestProfile(ConsoleWithKeys.class)
class ConsoleKeysTest {

  @TestHTTPResource("/")
  URI root;

  @Inject EmaService service;

  private final HttpClient client = HttpClient.newHttpClient();

  @ParameterizedTest
  @ValueSource(strings = {"api/console/status", "api/console/events"})
  void nobodyWatchesWithoutAKey(String path) throws Exception {
    var request = HttpRequest.newBuilder(root.resolve(path));

    assertThat(client.send(request.build(), BodyHandlers.ofString()).statusCode()).isEqualTo(401);
    request.header("Authorization", "Bearer wrong");
    assertThat(client.send(request.build(), BodyHandlers.ofString()).statusCode()).isEqualTo(401);
  }

  @Test
  void nameIsThatOfTheKeyWhateverTheRequestSays() throws Exception {
    var answer = pause(ConsoleWithKeys.KEY);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(service.policy().status().getPausedBy()).isEqualTo("ada");
  }

  @Test
  void viewerSeesAndDoesNotAct() throws Exception {
    var seen =
        client.send(
            HttpRequest.newBuilder(root.resolve("api/console/status"))
                .header("Authorization", "Bearer " + ConsoleWithKeys.EVES_KEY)
                .build(),
            BodyHandlers.ofString());
    var done = pause(ConsoleWithKeys.EVES_KEY);

    assertThat(seen.body()).contains("\"you\":\"eve\"").contains("\"mayAct\":false");
    assertThat(done.statusCode()).isEqualTo(403);
    assertThat(done.body()).contains("role of eve: viewer (expected: operator)");
  }

  private HttpResponse<String> pause(String key) throws Exception {
    return client.send(
        HttpRequest.newBuilder(root.resolve("api/console/actions"))
            .header("Authorization", "Bearer " + key)
            .header("X-Elastic-Reset-Console", "1")
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"action\":\"pause\",\"by\":\"mallory\",\"reason\":\"lunch\"}"))
            .build(),
        BodyHandlers.ofString());
  }
}
