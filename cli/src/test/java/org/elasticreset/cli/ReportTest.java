package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.elasticreset.proto.v1.TrainingEvent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  private static final Instant START = Instant.parse("2026-11-01T10:00:00Z");

  @TempDir private Path root;

  @Test
  void reportHoldsFiguresSamplesResetsAndSettings() throws IOException {
    String page = report(record("whole", SyntheticEvents.run(60, 15, 10), "finished"));

    assertThat(page)
        .contains("<h1>whole</h1>", "wall time 4:12", "seed 7", "60 of 60 steps")
        .contains("60 steps and 4 resets")
        .contains("20.6 %")
        .contains("\"resets\":{\"step\":[15,30,45,60]}")
        .contains("a wonderful, moving piece")
        .contains("max-new-tokens", "updates since the last reset")
        .contains("<svg class=\"curve\"")
        .contains("new uPlot");
  }

  @Test
  void resumesAndRestartsAreCounted() throws IOException {
    RunDirectory run = record("troubled", SyntheticEvents.run(20, 5, 5), "finished");
    RunSummary.begun("troubled", "movie-sentiment", START)
        .restarted("learner-service")
        .resumedAt(START.plusSeconds(60))
        .restarted("ema-service")
        .restarted("learner-service")
        .endedAt(START.plusSeconds(252), Duration.ofSeconds(200), "finished", "", null)
        .write(run.summary());

    assertThat(report(run))
        .contains("wall time 3:20", "resumed once")
        .contains("started again: ema-service once, learner-service 2 times");
  }

  @Test
  void driftJustBelowZeroIsZero() {
    assertThat(Figures.of(-1e-6, 1)).isEqualTo("0.0");
    assertThat(Figures.of(-0.06, 1)).isEqualTo("-0.1");
  }

  @Test
  void reportIsFoundByTheNameOfItsRun() throws IOException {
    RunDirectory run = record("named", SyntheticEvents.run(20, 5, 5), "finished");

    assertThat(
            ElasticResetCommand.execute(
                "report", "named", "--runs", root.resolve("runs").toString()))
        .isZero();

    assertThat(run.report()).content().contains("<h1>named</h1>");
  }

  @Test
  void pageNeedsNoOtherFile() throws IOException {
    String page = report(record("alone", SyntheticEvents.run(20, 5, 5), "finished"));

    assertThat(page).doesNotContain("src=", "href=", "@import", "url(");
  }

  @Test
  void textOfSamplesCannotBecomeMarkup() throws IOException {
    String page = report(record("hostile", SyntheticEvents.run(20, 5, 5), "finished"));

    assertThat(page)
        .doesNotContain("<script>alert")
        .doesNotContain("<b>bold</b>")
        .contains("&lt;/script&gt;&lt;script&gt;alert");
  }

  @Test
  void messageOfAFailedRunIsShownAndEscaped() throws IOException {
    RunDirectory run = record("failed", SyntheticEvents.run(20, 5, 5).subList(0, 4), "failed");

    assertThat(report(run)).contains("learner-service ended &lt;badly&gt;").contains(">failed<");
  }

  @Test
  void runThatWasCutShortHasAReport() throws IOException {
    RunDirectory empty = record("empty", List.of(), "interrupted");
    Files.delete(empty.summary());

    assertThat(report(empty)).contains("before there were two evaluations").contains("unfinished");
  }

  @Test
  void lineThatWasBeingWrittenIsLeftOut() throws IOException {
    RunDirectory run = record("torn", SyntheticEvents.run(20, 5, 5), "finished");
    String metrics = Files.readString(run.metrics());
    Files.writeString(run.metrics(), metrics.substring(0, metrics.length() - 30));

    assertThat(RecordedRun.read(run).metrics()).hasSize((int) metrics.lines().count() - 1);
  }

  @Test
  void directoryThatIsNoRunIsRefused() {
    assertThatThrownBy(() -> RecordedRun.read(new RunDirectory(root)))
        .hasMessage(
            "RUN_DIR: " + root + " (expected: the directory of a run; config.yaml is missing)");
  }

  @Test
  void closingTableComparesTheFirstEvaluationWithTheLast() throws IOException {
    RunDirectory run = record("table", SyntheticEvents.run(60, 15, 10), "finished");

    assertThat(ClosingTable.lines(RecordedRun.read(run)))
        .anyMatch(line -> line.matches("reward +0\\.4\\d\\d +0\\.\\d{3}"))
        .first()
        .asString()
        .contains("before", "step 60");
  }

  @Test
  void wherePeopleWereAskedTheReportSaysWhoRewarded() throws IOException {
    RunDirectory run = record("asked", asked(SyntheticEvents.run(20, 5, 5)), "finished");
    // 20 steps of 64 rollouts, half of the steps with 32 by people and 16 in their place.
    assertThat(report(run))
        .contains("people gave 25.0 % and models 62.5 %; 12.5 % are the models")
        .contains("<th scope=\"col\">rewarded by people</th>");
    assertThat(ClosingTable.lines(RecordedRun.read(run)))
        .last()
        .asString()
        .matches("rewards +25.0 % people, 12.5 % models in their place, 62.5 % models");
    assertThat(Files.readAllLines(run.metrics()))
        .filteredOn(line -> line.contains("\"rewarded_by_people\":32,\"rewarded_by_fallback\":16"))
        .hasSize(10);
  }

  @Test
  void wherePeopleWereNotAskedNothingIsSaidOfThem() throws IOException {
    RunDirectory run = record("plain", SyntheticEvents.run(20, 5, 5), "finished");

    assertThat(report(run)).doesNotContain("people gave", "rewarded");
    assertThat(ClosingTable.lines(RecordedRun.read(run))).noneMatch(l -> l.contains("rewards"));
    assertThat(run.metrics()).content().doesNotContain("rewarded");
  }

  /** People were asked in every other step. */
  private static List<TrainingEvent> asked(List<TrainingEvent> events) {
    return events.stream()
        .map(
            event -> {
              TrainingEvent.Builder asked = event.toBuilder();
              if (event.hasTrainingStep() && event.getStep() % 2 == 0) {
                asked.getTrainingStepBuilder().setRewardedByPeople(32).setRewardedByFallback(16);
              }
              return asked.build();
            })
        .toList();
  }

  private String report(RunDirectory run) throws IOException {
    Report.write(RecordedRun.read(run), run.report());
    return Files.readString(run.report());
  }

  private RunDirectory record(String name, List<TrainingEvent> events, String outcome)
      throws IOException {
    RunConfig config =
        InstallationFixture.create(root.resolve("installation")).resolve("name=" + name, "seed=7");
    RunDirectory run = RunDirectory.create(root.resolve("runs"), name, "movie-sentiment");
    Files.writeString(run.config(), SettingsText.yaml(config));
    try (RunRecorder recorder = new RunRecorder(run)) {
      events.forEach(recorder::record);
    }
    String message = outcome.equals("failed") ? "learner-service ended <badly>" : "";
    RunSummary.begun(name, "movie-sentiment", START)
        .endedAt(START.plusSeconds(252), Duration.ofSeconds(252), outcome, message, null)
        .write(run.summary());
    return run;
  }
}
