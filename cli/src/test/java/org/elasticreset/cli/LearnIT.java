package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A run whose reward model learns from somebody who likes short words, while it goes on. */
@Timeout(400)
class LearnIT {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern LINK =
      Pattern.compile("ann \\(rater\\) rates at (\\S+)/rate#(\\S+)");

  private final HttpClient http = HttpClient.newHttpClient();

  @TempDir private Path root;

  @Test
  void versionsComeWhileTheRunGoesOnAndScore() throws Exception {
    TinyRun.write(root, 16);
    Files.writeString(
        root.resolve("run.yaml"),
        """
        raters:
          share: 1
          gold: null
          absent-deadline: 2m
          learn:
            model: policy
            every-pairs: 12
            least-pairs: 12
            at-most-every: 0s
            held-out: 0.4
            epochs: 20
            learning-rate: 0.01
        """,
        StandardOpenOption.APPEND);
    RunDirectory run = new RunDirectory(root.resolve("runs/learning"));
    LauncherProcess launcher =
        LauncherProcess.start(
            run,
            TinyRun.arguments(
                root, "learning", "--raters=ann", "--set", "reward.scorers.people.type=learned"));
    launcher.awaitText(launcher.log(), "all services are ready");
    Matcher link = LINK.matcher(launcher.said());
    assertThat(link.find()).as(launcher.said()).isTrue();
    while (launcher.process().isAlive()) {
      answer(link.group(1), link.group(2));
      Thread.sleep(50);
    }

    assertThat(launcher.process().waitFor()).as(launcher.said()).isZero();
    String log = Files.readString(run.log("reward-service"));
    assertThat(log).contains("reward learner trains here", "reward model trained version=1 ");
    assertThat(log).contains("reward model adopted version=");
    assertThat(versions(run)).isNotEmpty().allMatch(card -> card.contains("held-out accuracy"));
  }

  private static List<String> versions(RunDirectory run) throws IOException {
    try (var folders = Files.list(run.rewardModels())) {
      return folders.map(LearnIT::card).toList();
    }
  }

  private static String card(Path folder) {
    try {
      return Files.readString(folder.resolve("README.md"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The shorter text is better. */
  private void answer(String address, String key) throws InterruptedException {
    try {
      JsonNode asked = call(address + "/api/rating-requests?max=10", key, "GET", "");
      for (JsonNode request : asked.path("requests")) {
        JsonNode candidates = request.path("candidates");
        int[] lengths = new int[candidates.size()];
        for (JsonNode candidate : candidates) {
          lengths[candidate.path("index").asInt()] = candidate.path("text").asText().length();
        }
        String ranks = ranks(lengths);
        String id = request.path("requestId").asText();
        call(
            address + "/api/ratings",
            key,
            "POST",
            "{\"requestId\":\"%s\",\"ranks\":%s}".formatted(id, ranks));
      }
    } catch (IOException e) {
      // The run has ended.
    }
  }

  private static String ranks(int[] lengths) {
    return Arrays.stream(lengths)
        .mapToObj(own -> 1 + Arrays.stream(lengths).filter(other -> other < own).count())
        .map(String::valueOf)
        .collect(Collectors.joining(",", "[", "]"));
  }

  private JsonNode call(String address, String key, String method, String body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address))
            .header("Authorization", "Bearer " + key)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(body))
            .build();
    HttpResponse<byte[]> response = http.send(request, BodyHandlers.ofByteArray());
    assertThat(response.statusCode()).isBetween(200, 299);
    return JSON.readTree(response.body());
  }
}
