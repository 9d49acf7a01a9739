package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that ask people, as a user starts them: nobody comes, or somebody with the link. */
class RatersIT {
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

    // The first is better, whatever it is.
    int answered = RaterByHttp.of("ann", launcher).answerAll(launcher, texts -> "[1,2]");

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

  private static long rewardedBy(RunDirectory run, String whom) {
    return RecordedRun.read(run).events("step").stream()
        .mapToLong(step -> step.path("rewarded_by_" + whom).asLong())
        .sum();
  }
}
