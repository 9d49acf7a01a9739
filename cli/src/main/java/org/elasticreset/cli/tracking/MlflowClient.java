package org.elasticreset.cli.tracking;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Calls of MLflow's REST API 2.0: each is answered, fails for now, or is refused. */
final class MlflowClient {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);
  private static final int SHOWN = 300;

  private static final int NOT_FOUND = 404;
  private static final int TIMEOUT = 408;
  private static final int TOO_MANY = 429;
  private static final int SERVER_ERRORS = 500;

  private final MlflowServer server;
  private final HttpClient http;

  MlflowClient(MlflowServer server) {
    this.server = server;
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER);
    if (server.authorities() != null) {
      builder.sslContext(Authorities.context(server.authorities()));
    }
    http = builder.build();
  }

  /** Reads; a query is name and value in turn. Empty if the server knows no such thing. */
  Optional<JsonNode> find(String method, String... query) throws IOException, InterruptedException {
    StringBuilder uri = new StringBuilder(api(method));
    for (int i = 0; i < query.length; i += 2) {
      uri.append(i == 0 ? '?' : '&').append(query[i]).append('=');
      uri.append(URLEncoder.encode(query[i + 1], StandardCharsets.UTF_8));
    }
    HttpRequest.Builder request = request(uri.toString()).GET();
    HttpResponse<String> response = http.send(request.build(), BodyHandlers.ofString());
    if (response.statusCode() == NOT_FOUND
        && json(response.body()).path("error_code").asText().equals("RESOURCE_DOES_NOT_EXIST")) {
      return Optional.empty();
    }
    return Optional.of(answer(method, response));
  }

  /** Does something. */
  JsonNode post(String method, JsonNode body) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        request(api(method))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.toString()));
    return answer(method, http.send(request.build(), BodyHandlers.ofString()));
  }

  /** Puts a file among the artifacts that the server keeps. */
  void upload(String path, Path file) throws IOException, InterruptedException {

    HttpRequest.Builder request =
        request(server.base() + "/api/2.0/mlflow-artifacts/artifacts/" + encoded(path))
            .header("Content-Type", "application/octet-stream")
            .PUT(BodyPublishers.ofFile(file));
    answer("upload of " + file.getFileName(), http.send(request.build(), BodyHandlers.ofString()));
  }

  private String api(String method) {
    return server.base() + "/api/2.0/mlflow/" + method;
  }

  private HttpRequest.Builder request(String uri) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(uri)).timeout(ANSWER);
    if (server.authorization() != null) {
      request.header("Authorization", server.authorization());
    }
    return request;
  }

  private JsonNode answer(String what, HttpResponse<String> response) throws IOException {
    int status = response.statusCode();
    if (status / 100 == 2) {
      try {
        return response.body().isBlank() ? JSON.createObjectNode() : JSON.readTree(response.body());
      } catch (JsonProcessingException e) {
        throw new RefusedException(
            server + " answers " + what + " with something else than MLflow does: is it one?");
      }
    }
    String said = words(response.body());
    String problem = "%s answers %s with %d%s".formatted(server, what, status, said);
    if (status == TOO_MANY || status == TIMEOUT || status >= SERVER_ERRORS) {
      throw new BusyException(problem, pause(response));
    }
    throw new RefusedException(problem);
  }

  private static Duration pause(HttpResponse<String> response) {
    String after = response.headers().firstValue("Retry-After").orElse("");
    Duration wait =
        after.matches("\\d{1,9}") ? Duration.ofSeconds(Long.parseLong(after)) : Duration.ZERO;
    return wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
  }

  private static String words(String body) {
    JsonNode json = json(body);
    String message = json.path("message").asText(json.path("error_code").asText());
    String text = message.replaceAll("\\s+", " ").strip();
    return text.isEmpty() ? "" : ": " + text.substring(0, Math.min(SHOWN, text.length()));
  }

  private static JsonNode json(String body) {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      return JSON.createObjectNode();
    }
  }

  private static String encoded(String path) {
    return URLEncoder.encode(path, StandardCharsets.UTF_8).replace("%2F", "/").replace("+", "%20");
  }
}
