package org.elasticreset.reward.raters.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** Somebody who calls the service by HTTP. */
final class Caller {

  private static final JsonMapper JSON = new JsonMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private final URI service;
  private final String[] headers;

  Caller(URI service, String... headers) {
    this.service = service;
    this.headers = headers;
  }

  /** A program with a key. */
  static Caller withKeyOf(URI service, String name) {
    return new Caller(service, "Authorization", "Bearer " + AskedPeople.keyOf(name));
  }

  HttpResponse<String> get(String path) throws Exception {
    return send(request(path).GET());
  }

  HttpResponse<String> post(String path, String json) throws Exception {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  HttpResponse<String> delete(String path) throws Exception {
    return send(request(path).DELETE());
  }

  private HttpRequest.Builder request(String path) {
    var request = HttpRequest.newBuilder(service.resolve(path));
    return headers.length == 0 ? request : request.headers(headers);
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return CLIENT.send(request.build(), BodyHandlers.ofString());
  }

  /** The request with this prompt; waits until it is there. */
  JsonNode next(String prompt) throws Exception {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (System.nanoTime() < end) {
      var answer = get("/api/rating-requests?max=20");
      if (answer.statusCode() == 200) {
        for (JsonNode request : json(answer).path("requests")) {
          if (request.path("prompt").asText().equals(prompt)) {
            return request;
          }
        }
      }
      Thread.sleep(200);
    }
    throw new AssertionError("no request: " + get("/api/rating-requests?max=20").body());
  }

  static JsonNode json(HttpResponse<String> answer) throws Exception {
    return JSON.readTree(answer.body());
  }
}
