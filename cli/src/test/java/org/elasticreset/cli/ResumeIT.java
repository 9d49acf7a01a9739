package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs whose processes are killed, beside one that nothing disturbs: real processes, a real broker,
 * tiny models.
 */
class ResumeIT {
  @TempDir private Path root;

  @Test
  void killedLearnerAndKilledLauncherChangeNothingOfTheRun() throws Exception {
    TinyRun.write(root, 6);
    RunDirectory undisturbed = new RunDirectory(root.resolve("runs/undisturbed"));
    assertThat(ElasticResetCommand.execute(TinyRun.arguments(root, "undisturbed"))).isZero();

    RunDirectory killed = new RunDirectory(root.resolve("runs/killed"));
    LauncherProcess launcher = LauncherProcess.start(killed, TinyRun.arguments(root, "killed"));
    launcher.awaitText(killed.metrics(), "\"event\":\"step\",\"step\":2,");
    launcher.service("learner-service").destroyForcibly();
    launcher.awaitText(killed.metrics(), "\"event\":\"step\",\"step\":4,");
    launcher.process().destroyForcibly().waitFor();
    long services = services(killed);
    int exitCode = ElasticResetCommand.execute("resume", killed.path().toString());

    assertThat(exitCode).isZero();
    assertThat(services).isEqualTo(4);
    assertSameIsLeft(killed, undisturbed);
    RunSummary summary = RunSummary.read(killed.summary());
    assertThat(summary.resumed()).hasSize(1);
    assertThat(summary.restarts()).containsEntry("learner-service", 1);
    assertThat(killed.report()).content().contains("resumed once", "learner-service once");
    assertThat(killed.state()).doesNotExist();
    assertThat(killed.scratch()).doesNotExist();
  }

  /** While it is evaluated the average stands in the place of the policy, which is learnt on. */
  @Test
  void runThatDeliversItsAverageDeliversTheSameWhoeverIsKilled() throws Exception {
    TinyRun.write(root, 6);
    String[] average = {"--set", "deliver=average", "--set", "reset.trigger=on-request"};
    RunDirectory undisturbed = new RunDirectory(root.resolve("runs/undisturbed"));
    assertThat(ElasticResetCommand.execute(TinyRun.arguments(root, "undisturbed", average)))
        .isZero();

    RunDirectory killed = new RunDirectory(root.resolve("runs/killed"));
    LauncherProcess launcher =
        LauncherProcess.start(killed, TinyRun.arguments(root, "killed", average));
    launcher.awaitText(killed.metrics(), "\"event\":\"step\",\"step\":2,");
    launcher.service("learner-service").destroyForcibly();
    launcher.awaitText(killed.metrics(), "\"event\":\"step\",\"step\":4,");
    launcher.service("ema-service").destroyForcibly();
    launcher.awaitText(killed.metrics(), "\"event\":\"step\",\"step\":5,");
    launcher.process().destroyForcibly().waitFor();
    int exitCode = ElasticResetCommand.execute("resume", killed.path().toString());

    assertThat(exitCode).isZero();
    assertSameIsLeft(killed, undisturbed);
    assertThat(RecordedRun.read(killed).events("evaluation"))
        .hasSize(4)
        .allMatch(line -> line.path("of").asText().equals("average"));
    Path versions = killed.versions().resolve("step-00000006");
    assertThat(versions.resolve("average.f32"))
        .hasSameBinaryContentAs(
            undisturbed.versions().resolve("step-00000006").resolve("average.f32"));
    assertThat(Files.mismatch(versions.resolve("average.f32"), versions.resolve("policy.f32")))
        .isNotNegative();
    assertThat(RunSummary.read(killed.summary()).restarts())
        .containsEntry("learner-service", 1)
        .containsEntry("ema-service", 1);
  }

  private static void assertSameIsLeft(RunDirectory killed, RunDirectory undisturbed) {
    assertThat(figures(killed)).isEqualTo(figures(undisturbed));
    assertThat(killed.samples()).hasSameBinaryContentAs(undisturbed.samples());
    assertThat(killed.policy().resolve("model.safetensors"))
        .hasSameBinaryContentAs(undisturbed.policy().resolve("model.safetensors"));
  }

  /** Services of the run that its launcher has left notes of. */
  private static long services(RunDirectory run) throws IOException {
    try (var directories = Files.list(run.scratch())) {
      return directories.filter(path -> Files.exists(path.resolve("pid"))).count();
    }
  }

  /** Every line without timings, and without the copies that a restart may give. */
  private static List<String> figures(RunDirectory run) {
    return RecordedRun.read(run).metrics().stream()
        .map(
            line ->
                ((ObjectNode) line.deepCopy())
                    .remove(List.of("time", "tokens_per_second", "dropped")))
        .map(Object::toString)
        .toList();
  }
}
