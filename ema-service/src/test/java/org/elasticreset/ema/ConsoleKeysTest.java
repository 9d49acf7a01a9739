package org.elasticreset.ema;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.Callable;
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

  @Test
  void wrongKeysOfOthersBehindTheSameAddressKeepNobodyOutWhoHasARightOne() throws Exception {
    String answer = "";
    for (int i = 0; i < 25; i++) {
      answer = fromAnotherAddress(get("wrong"), () -> "");
    }

    assertThat(answer).startsWith("HTTP/1.1 429").contains("too many wrong keys");
    assertThat(fromAnotherAddress(get(ConsoleWithKeys.KEY), () -> "")).startsWith("HTTP/1.1 200");
  }

  @Test
  void keyThatStopsCountingBehindTheDoorActsUnderNoName() throws Exception {
    String body = "{\"action\":\"pause\",\"by\":\"bob\",\"reason\":\"lunch\"}";
    String head =
        "POST /api/console/actions HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            + "X-Elastic-Reset-Console: 1\r\nContent-Type: application/json\r\nAuthorization: Bearer "
            + ConsoleWithKeys.KEY
            + "\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n";
    try {
      String answer =
          fromAnotherAddress(
              head,
              () -> {
                Thread.sleep(500);
                ConsoleWithKeys.write(
                    List.of(ConsoleWithKeys.line("eve", "viewer", ConsoleWithKeys.EVES_KEY)));
                Thread.sleep(1500);
                return body;
              });

      assertThat(answer).startsWith("HTTP/1.1 401").contains("no key of an operator any more");
      assertThat(service.policy().status().getPausedBy()).isNotEqualTo("bob");
    } finally {
      ConsoleWithKeys.write(ConsoleWithKeys.everybody());
      Thread.sleep(1100);
    }
  }

  private static String get(String key) {
    return "GET /api/console/status HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        + "Authorization: Bearer "
        + key
        + "\r\n\r\n";
  }

  private String fromAnotherAddress(String head, Callable<String> body) throws Exception {
    try (var socket = new Socket()) {
      socket.bind(new InetSocketAddress("127.0.0.2", 0));
      socket.connect(new InetSocketAddress("127.0.0.1", root.getPort()));
      socket.getOutputStream().write(head.getBytes(UTF_8));
      socket.getOutputStream().write(body.call().getBytes(UTF_8));
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
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
