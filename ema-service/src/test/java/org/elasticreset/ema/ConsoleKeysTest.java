package org.elasticreset.ema;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
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

  @ParameterizedTest
  @ValueSource(strings = {"api/console/status", "api/console/events"})
  void nobodyWatchesWithoutAKey(String path) throws Exception {
    var answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(root.resolve(path))
                    .header("Authorization", "Bearer wrong")
                    .build(),
                BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(401);
  }

  @Test
  void nameIsThatOfTheKeyWhateverTheRequestSays() throws Exception {
    var answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(root.resolve("api/console/actions"))
                    .header("Authorization", "Bearer " + ConsoleWithKeys.KEY)
                    .header("X-Elastic-Reset-Console", "1")
                    .header("Content-Type", "application/json")
                    .POST(
                        HttpRequest.BodyPublishers.ofString(
                            "{\"action\":\"pause\",\"by\":\"mallory\",\"reason\":\"lunch\"}"))
                    .build(),
                BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(service.policy().status().getPausedBy()).isEqualTo("ada");
  }
}
