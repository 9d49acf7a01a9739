package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code resume} refuses, in one line, before it starts anything. */
class ResumeCommandTest {
  private static final Instant START = Instant.parse("2026-11-24T10:00:00Z");

  @TempDir private Path root;
  private final PrintStream standardError = System.err;
  private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
  private String formerHome = "";
  private InstallationFixture installation;
  private RunDirectory run;

  @BeforeEach
  void interruptARun() throws IOException {
    installation = InstallationFixture.create(root);
    for (String service : Installation.SERVICES) {
      installation.write(service + "/target/quarkus-app/quarkus-run.jar", "");
    }
    formerHome = System.getProperty("elastic-reset.home", "");
    System.setProperty("elastic-reset.home", root.toString());
    System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
    run = RunDirectory.create(root.resolve("runs"), "mine", "movie-sentiment");
    run.createFolders();
    RunConfig config = installation.resolve("name=mine");
    Files.writeString(run.config(), SettingsText.yaml(config));
    RunInputs.note(config, run.inputs());
    RunSummary.begun("mine", "movie-sentiment", START).write(run.summary());
  }

  @AfterEach
  void restore() {
    System.setProperty("elastic-reset.home", formerHome);
    System.setErr(standardError);
  }

  @Test
  void runThatDoesNotExistIsRefusedWithThoseThatCanGoOn() {
    assertThat(resume("other"))
        .isEqualTo(
            "RUN: other (expected: the directory of a run, or its name under %s; these can go on: mine)"
                .formatted(root.resolve("runs")));
  }

  @Test
  void runThatHasEndedWellIsRefused() {
    RunSummary.begun("mine", "movie-sentiment", START)
        .endedAt(START.plusSeconds(9), Duration.ofSeconds(9), "finished", "", null)
        .write(run.summary());

    assertThat(resume("mine"))
        .isEqualTo(
            "RUN: %s (expected: a run that has not ended; this one finished at 2026-11-24T10:00:09Z,"
                    .formatted(run.path())
                + " report: %s)".formatted(run.report()));
  }

  @Test
  void runThatIsUnderWayIsRefusedAndNotDisturbed() throws IOException {
    Path working = Files.writeString(run.scratch().resolve("file"), "in use");
    try (RunLock lock = RunLock.take(run)) {
      assertThat(resume(run.path().toString()))
          .isEqualTo(
              "RUN: %s (expected: a run that is not under way; process %d runs it)"
                  .formatted(run.path(), ProcessHandle.current().pid()));
    }
    assertThat(working).exists();
  }

  @Test
  void runWithoutItsStateIsRefused() {
    run.removeState();

    assertThat(resume("mine"))
        .startsWith("RUN: " + run.path() + " (expected: a run with its state; ")
        .endsWith("/state is missing)");
  }

  @Test
  void runThatWasRenamedIsRefusedSinceItsTopicsHaveItsName() throws IOException {
    Files.move(run.path(), root.resolve("runs/renamed"));

    assertThat(resume("renamed"))
        .endsWith("(expected: a folder of the name that the run has: mine)");
  }

  @Test
  void servicesThatAreNotBuiltAreNamed() throws IOException {
    Files.delete(root.resolve("ema-service/target/quarkus-app/quarkus-run.jar"));

    assertThat(resume("mine")).startsWith("ema-service: ").contains("mvn -Dquick");
  }

  @Test
  void promptsThatHaveChangedAreNamed() throws IOException {
    Path prompts = installation.write("presets/movies/prompts.txt", "Another film\n");

    assertThat(resume("mine"))
        .isEqualTo(
            "RUN: %s (expected: the file that the run began with; it has changed since)"
                .formatted(prompts));
  }

  @Test
  void chatTemplateThatHasChangedIsNamed() throws IOException {
    Path template = Files.writeString(root.resolve("models/gpt/chat_template.jinja"), "a");
    RunInputs.note(installation.resolve("name=mine"), run.inputs());
    Files.writeString(template, "b");

    assertThat(resume("mine"))
        .isEqualTo(
            "RUN: %s (expected: the file that the run began with; it has changed since)"
                .formatted(template));
  }

  @Test
  void modelThatIsGoneIsNamed() throws IOException {
    Path weights = root.resolve("models/classifier/model.safetensors");
    Files.delete(weights);

    assertThat(resume("mine"))
        .isEqualTo("RUN: %s (expected: the file that the run began with; gone)".formatted(weights));
  }

  /** The one line of a refusal. */
  private String resume(String name) {
    int exitCode =
        ElasticResetCommand.execute("resume", name, "--runs", root.resolve("runs").toString());

    assertThat(exitCode).isEqualTo(2);
    assertThat(errors.toString(StandardCharsets.UTF_8).lines()).hasSize(1);
    return errors.toString(StandardCharsets.UTF_8).strip();
  }
}
