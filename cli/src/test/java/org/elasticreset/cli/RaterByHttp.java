package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/** Somebody with the link that a launcher has shown. */
final class RaterByHttp {
  private static final JsonMapper JSON = new JsonMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final String address;
  private final String key;

  private RaterByHttp(String address, String key) {
    this.address = address;
    this.key = key;
  }

  /** Once services are ready. */
  static RaterByHttp of(String name, LauncherProcess launcher) throws Exception {
    launcher.awaitText(launcher.log(), "all services are ready");
    Matcher link =
        Pattern.compile(name + " \\(rater\\) rates at (\\S+)/rate#(\\S+)").matcher(launcher.said());
    assertThat(link.find()).as(launcher.said()).isTrue();
    return new RaterByHttp(link.group(1), link.group(2));
  }

  /**
   * Answers for as long as the launcher lives.
   *
   * @param ranks of two texts, in the order of the request
   * @return how many questions
   */
  int answerAll(LauncherProcess launcher, Function<List<String>, String> ranks)
      throws InterruptedException {
    int answered = 0;
    while (launcher.process().isAlive()) {
      answered += answer(ranks);
      Thread.sleep(50);
    }
    return answered;
  }

  private int answer(Function<List<String>, String> ranks) throws InterruptedException {
    int answered = 0;
    try {
      for (JsonNode request : call("GET", "/api/rating-requests?max=10", "").path("requests")) {
        List<String> texts =
            StreamSupport.stream(request.path("candidates").spliterator(), false)
                .sorted((a, b) -> a.path("index").asInt() - b.path("index").asInt())
                .map(candidate -> candidate.path("text").asText())
                .toList();
        String id = request.path("requestId").asText();
        call(
            "POST",
            "/api/ratings",
            "{\"requestId\":\"%s\",\"ranks\":%s}".formatted(id, ranks.apply(texts)));
        answered++;
      }
    } catch (IOException e) {
      // The run has ended.
    }
    return answered;
  }

  private JsonNode call(String method, String path, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address + path))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body))
            .build();
    HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
    if (response.statusCode() == 503) {
      // Not yet.
      return JSON.createObjectNode();
    }
    assertThat(response.statusCode()).isBetween(200, 299);
    return JSON.readTree(response.body());
  }
}
