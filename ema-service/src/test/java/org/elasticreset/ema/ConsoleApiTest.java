package org.elasticreset.ema;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The console's door, on this machine and without keys. */
@QuarkusTest
@TestProfile(ConsoleOn.class)
class ConsoleApiTest {

  @TestHTTPResource("/")
  URI root;

  @ParameterizedTest
  @ValueSource(strings = {"console", "console/main.js", "webjars/uplot/1.6.30/dist/uPlot.esm.js"})
  void filesMayDoNoMoreThanThePolicySays(String path) throws Exception {
    var answer = get(path);

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
        .startsWith("default-src 'self';")
        .contains("frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
  }

  @Test
  void statusSaysWhichRunItIs() throws Exception {
    var answer = get("api/console/status");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("\"run\":\"test-run\"").contains("\"keys\":false");
    assertThat(answer.headers().firstValue("Cache-Control")).hasValue("no-store");
  }

  @ParameterizedTest
  @CsvSource({
    "Accept, */*, X-Elastic-Reset-Console",
    "Origin, https://example.org, Origin",
    "Sec-Fetch-Site, cross-site, Sec-Fetch-Site"
  })
  void callOfAnotherSiteIsRefused(String header, String value, String named) throws Exception {
    var request = action("pause", "ada", "why").header(header, value);
    if (!header.equals("Accept")) {
      request.header("X-Elastic-Reset-Console", "1");
    }

    var answer = send(request);

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains(named);
  }

  @Test
  void nameThatAnotherSiteHasPointedHereIsRefused() throws Exception {
    try (var socket = new Socket(root.getHost(), root.getPort())) {
      socket
          .getOutputStream()
          .write(
              "GET /api/console/status HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));

      String line =
          new BufferedReader(
                  new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
              .readLine();

      assertThat(line).contains("403");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "pause, '', why, 400, by: none",
    "pause, ada, '', 400, reason: none",
    "destroy, ada, why, 400, action: destroy",
    "approve, ada, why, 409, no reset is proposed"
  })
  void wishThatCannotBeIsRefusedInWords(
      String action, String by, String reason, int status, String words) throws Exception {
    var answer = send(action(action, by, reason).header("X-Elastic-Reset-Console", "1"));

    assertThat(answer.statusCode()).isEqualTo(status);
    assertThat(answer.body()).contains(words);
  }

  private HttpRequest.Builder action(String action, String by, String reason) {
    return HttpRequest.newBuilder(root.resolve("api/console/actions"))
        .header("Content-Type", "application/json")
        .POST(
            HttpRequest.BodyPublishers.ofString(
                "{\"action\":\"%s\",\"by\":\"%s\",\"reason\":\"%s\"}"
                    .formatted(action, by, reason)));
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(HttpRequest.newBuilder(root.resolve(path)));
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
  }
}
