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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs that ask people, as a user starts them: nobody comes, or somebody with the link. */
@Timeout(400)
class RatersIT {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern LINK =
      Pattern.compile("ann \\(rater\\) rates at (\\S+)/rate#(\\S+)");

  private final HttpClient http = HttpClient.newHttpClient();

  @TempDir private Path root;

  @Test
  void whereNobodyRatesTheRunFinishesOnWhatModelsSay() throws Exception {
    TinyRun.write(root, 3);

    int exitCode =
        ElasticResetCommand.execute(
            TinyRun.arguments(root, "nobody", "--raters", "--set", "raters.share=1"));

    assertThat(exitCode).isZero();
    RunDirectory run = new RunDirectory(root.resolve("runs/nobody"));
    assertThat(run.report())
        .content()
        .contains("people gave 0.00 %")
        .contains("in the place of people who were asked and did not answer in time");
    assertThat(run.raterSecrets()).doesNotExist();
    assertThat(Files.readString(run.config())).contains("samples-per-prompt: 2");
    assertThat(rewardedBy(run, "people")).isZero();
    assertThat(rewardedBy(run, "fallback")).isPositive();
  }

  @Test
  void whoeverHasTheLinkRewardsWhileTheRunGoesOn() throws Exception {
    TinyRun.write(root, 3);
    RunDirectory run = new RunDirectory(root.resolve("runs/somebody"));
    LauncherProcess launcher =
        LauncherProcess.start(
            run,
            TinyRun.arguments(
                root,
                "somebody",
                "--raters=ann,eve:operator",
                "--set",
                "raters.share=1",
                "--set",
                "raters.gold=null",
                "--set",
                "raters.absent-deadline=2m"));
    launcher.awaitText(launcher.log(), "all services are ready");
    Matcher link = LINK.matcher(launcher.said());
    assertThat(link.find()).as(launcher.said()).isTrue();
    int answered = 0;
    while (launcher.process().isAlive()) {
      answered += answer(link.group(1), link.group(2));
      Thread.sleep(50);
    }

    assertThat(launcher.process().waitFor()).as(launcher.said()).isZero();
    assertThat(answered).isPositive();
    assertThat(rewardedBy(run, "people")).isEqualTo(2 * answered);
    assertThat(rewardedBy(run, "fallback")).isZero();
    assertThat(Files.readAllLines(run.ratings()))
        .hasSize(answered)
        .allSatisfy(
            line ->
                assertThat(line)
                    .contains("\"rater\":\"ann\"", "\"receipt\":\"taken\"", "\"ranks\":[1,2]"));
    assertThat(launcher.said()).contains("100.0 % people, 0.00 % models in their place");
  }

  /** The first shown is better, whatever it is. */
  private int answer(String address, String key) throws InterruptedException {
    int answered = 0;
    try {
      JsonNode asked = call(address + "/api/rating-requests?max=10", key, "GET", "");
      for (JsonNode request : asked.path("requests")) {
        String id = request.path("requestId").asText();
        call(
            address + "/api/ratings",
            key,
            "POST",
            "{\"requestId\":\"%s\",\"ranks\":[1,2]}".formatted(id));
        answered++;
      }
    } catch (IOException e) {
      // The run has ended.
    }
    return answered;
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

  private static long rewardedBy(RunDirectory run, String whom) {
    return RecordedRun.read(run).events("step").stream()
        .mapToLong(step -> step.path("rewarded_by_" + whom).asLong())
        .sum();
  }
}
