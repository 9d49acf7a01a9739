package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs whose processes are killed, beside one that nothing disturbs: real processes, a real broker,
 * tiny models.
 */
@Timeout(400)
class ResumeIT {
  @TempDir private Path root;

  @Test
  void killedLearnerAndKilledLauncherChangeNothingOfTheRun() throws Exception {
    TinyRun.write(root, 6);
    RunDirectory undisturbed = new RunDirectory(root.resolve("runs/undisturbed"));
    assertThat(ElasticResetCommand.execute(TinyRun.arguments(root, "undisturbed"))).isZero();

    RunDirectory killed = new RunDirectory(root.resolve("runs/killed"));
    Process launcher = launch(TinyRun.arguments(root, "killed"));
    awaitStep(killed, 2, launcher);
    kill(killed, "learner-service");
    awaitStep(killed, 4, launcher);
    launcher.destroyForcibly().waitFor();
    long services = services(killed);
    int exitCode = ElasticResetCommand.execute("resume", killed.path().toString());

    assertThat(exitCode).isZero();
    assertThat(services).isEqualTo(4);
    assertThat(figures(killed)).isEqualTo(figures(undisturbed));
    assertThat(killed.samples()).hasSameBinaryContentAs(undisturbed.samples());
    assertThat(killed.policy().resolve("model.safetensors"))
        .hasSameBinaryContentAs(undisturbed.policy().resolve("model.safetensors"));
    RunSummary summary = RunSummary.read(killed.summary());
    assertThat(summary.resumed()).hasSize(1);
    assertThat(summary.restarts()).containsEntry("learner-service", 1);
    assertThat(killed.report()).content().contains("resumed once", "learner-service once");
    assertThat(killed.state()).doesNotExist();
    assertThat(killed.scratch()).doesNotExist();
  }

  private Process launch(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(FakeService.java());
    command.add("-Delastic-reset.home=" + System.getProperty("elastic-reset.home"));
    command.add("-Djava.util.logging.manager=org.jboss.logmanager.LogManager");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(ElasticResetCommand.class.getName());
    command.addAll(List.of(arguments));
    File log = root.resolve("launcher.log").toFile();
    return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start();
  }

  private void awaitStep(RunDirectory run, int step, Process launcher) throws Exception {
    String line = "\"event\":\"step\",\"step\":" + step + ",";
    await(
        () -> {
          assertThat(launcher.isAlive()).as(() -> read(root.resolve("launcher.log"))).isTrue();
          return read(run.metrics()).contains(line);
        });
  }

  /** Services of the run that its launcher has left notes of. */
  private static long services(RunDirectory run) throws IOException {
    try (var directories = Files.list(run.scratch())) {
      return directories.filter(path -> Files.exists(path.resolve("pid"))).count();
    }
  }

  private static void kill(RunDirectory run, String service) throws Exception {
    String pid = Files.readString(run.scratch().resolve(service).resolve("pid")).split(" ")[0];
    Process kill = new ProcessBuilder("kill", "-KILL", pid).inheritIO().start();
    assertThat(kill.waitFor(10, TimeUnit.SECONDS)).isTrue();
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.sleep(50);
    }
  }

  private static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      return "";
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
