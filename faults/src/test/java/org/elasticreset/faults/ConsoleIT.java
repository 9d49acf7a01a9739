package org.elasticreset.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.elasticreset.browser.Browser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A run as it comes, on the preset that a user gets who says nothing, watched in a browser by
 * somebody who asks for a reset; and the service of the page is killed meanwhile. It leaves the
 * pictures of {@code docs/images} in {@code target/screenshots}.
 */
class ConsoleIT {
  private static final int STEPS = 18;
  private static final int RESET_EVERY = 6;
  private static final String REASON = "the samples look odd";

  @TempDir private Path root;

  @Test
  void runIsWatchedAResetIsClickedAndALostServiceComesBack() throws Exception {
    RunFiles files =
        RunFiles.ofThePreset(
            root,
            "rollout: {per-step: 16, batch-size: 4}\nreset: {every: %d}\nevaluation: {every: 6}\n"
                .formatted(RESET_EVERY));
    try (FaultyRun run = FaultyRun.start(files, "movie-sentiment", STEPS);
        Browser browser = new Browser()) {
      browser.open(console(run));
      awaitStep(browser, 7);
      assertThat(resetsShown(browser)).contains((long) RESET_EVERY);
      browser.await("both workers", Await.PATIENCE, () -> rows(browser, "workers") == 2);
      browser.await(
          "what the stages do",
          Await.PATIENCE,
          () ->
              browser.text("phases-words").contains("optimising")
                  && browser.text("stages-rows").contains("2 rollout workers"));
      assertThat(browser.text("waits")).contains("the learner waited");

      Signals.KILL.send(run.awaitPid("ema-service"));
      browser.await("a loss", Await.PATIENCE, () -> browser.text("connection").contains("lost"));
      browser.await("it is back", Await.PATIENCE, () -> browser.text("connection").equals("live"));

      browser.byId("by").sendKeys("ada");
      browser.byId("reason").sendKeys(REASON);
      browser.click("Request a reset");
      browser.await(
          "that it is done",
          Await.PATIENCE,
          () -> browser.text("resets-rows").contains("requested by ada: " + REASON));
      long asked = askedFor(run);
      assertThat(resetsShown(browser)).contains(asked);
      assertThat(browser.byId("drift").getAttribute("aria-label")).contains(String.valueOf(asked));

      run.awaitStep(STEPS - 2);
      awaitStep(browser, STEPS - 2);
      assertThat(stepsShown(browser))
          .as("every step, those before the loss too")
          .containsAll(LongStream.rangeClosed(1, STEPS - 2).boxed().toList());
      pictures(browser);
      assertThat(browser.accessibilityViolations()).isEmpty();
      assertThat(run.awaitEnd()).as(run.hint()).isZero();

      assertThat(lines(run, "metrics.jsonl"))
          .filteredOn(line -> line.path("event").asText().equals("reset"))
          .filteredOn(line -> line.path("step").asLong() == asked)
          .extracting(line -> line.path("reason").asText())
          .containsExactly("requested by ada: " + REASON);
      assertThat(lines(run, "audit.jsonl"))
          .filteredOn(line -> line.path("action").asText().equals("reset-requested"))
          .singleElement()
          .satisfies(
              line -> {
                assertThat(line.path("who").asText()).isEqualTo("ada");
                assertThat(line.path("why").asText()).isEqualTo(REASON);
              });
    }
  }

  private static void pictures(Browser browser) {
    for (String colours : List.of("light", "dark")) {
      browser.colours(colours);
      browser.tall(1480);
      browser.script("scrollTo(0, 0)");
      browser.await("the charts", () -> browser.all("#reward canvas").size() == 1);
      browser.screenshot("console-" + colours);
    }
    browser.narrow(390);
    browser.await("the charts", () -> browser.all("#reward canvas").size() == 1);
    assertThat((Long) browser.script("return document.documentElement.scrollWidth"))
        .isLessThanOrEqualTo(390);
    browser.screenshot("console-phone");
    browser.wide();
  }

  /** Where the launcher says that it is. */
  private static URI console(FaultyRun run) throws Exception {
    Pattern address = Pattern.compile("console at (http://\\S+)");
    Await.until(() -> address.matcher(run.said()).find() || run.requireRunning(), run::hint);
    Matcher found = address.matcher(run.said());
    assertThat(found.find()).isTrue();
    run.awaitStep(1);
    return URI.create(found.group(1));
  }

  private static long askedFor(FaultyRun run) throws IOException {
    return lines(run, "metrics.jsonl").stream()
        .filter(line -> line.path("reason").asText().contains(REASON))
        .findFirst()
        .orElseThrow()
        .path("step")
        .asLong();
  }

  private static List<JsonNode> lines(FaultyRun run, String file) throws IOException {
    var json = new ObjectMapper();
    return Files.readAllLines(run.directory().resolve(file)).stream()
        .map(
            line -> {
              try {
                return json.readTree(line);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            })
        .toList();
  }

  private static void awaitStep(Browser browser, long step) {
    browser.await("step " + step, Await.PATIENCE, () -> stepsShown(browser).contains(step));
  }

  private static long rows(Browser browser, String table) {
    return (Long)
        browser.script("return document.getElementById(arguments[0] + '-rows').rows.length", table);
  }

  private static List<Long> stepsShown(Browser browser) {
    return firstCells(browser, "steps");
  }

  private static List<Long> resetsShown(Browser browser) {
    return firstCells(browser, "resets");
  }

  @SuppressWarnings("unchecked")
  private static List<Long> firstCells(Browser browser, String table) {
    return (List<Long>)
        browser.script(
            "return [...document.querySelectorAll('#' + arguments[0] + '-rows tr')]"
                + ".map(row => Number(row.cells[0].textContent))",
            table);
  }
}
