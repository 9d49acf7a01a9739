package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An experiment that is stopped and goes on, beside one that nothing disturbs: real processes, one
 * real broker for all runs, tiny models. One goes run by run at first, the other side by side where
 * there are two cores: figures do not tell.
 */
class ExperimentIT {
  @TempDir private Path root;

  @Test
  void stoppedExperimentGoesOnToTheSameFigures() throws Exception {
    TinyRun.write(root, 2);
    Path file = root.resolve("experiment.yaml");
    String settings = Files.readString(root.resolve("run.yaml"));
    Files.writeString(
        file,
        settings.replace("seed: 3", "seeds: [1, 2]")
            + """
            baseline: ppo
            arms:
              ppo: {reset: {trigger: on-request}}
              elastic-reset: {}
            """);
    Path undisturbed = root.resolve("undisturbed");
    assertThat(compare(file, undisturbed)).isZero();

    Path stopped = root.resolve("stopped");
    RunDirectory second = new RunDirectory(stopped.resolve("runs/elastic-reset-1"));
    LauncherProcess launcher =
        LauncherProcess.start(second, arguments(file, stopped, "--parallel", "1"));
    RunDirectory first = new RunDirectory(stopped.resolve("runs/ppo-1"));
    launcher.awaitText(first.summary(), "\"outcome\" : \"finished\"");
    launcher.awaitText(second.metrics(), "\"event\":\"step\",\"step\":1,");
    // Ctrl-C, as far as Java can send one.
    launcher.process().destroy();
    int stopCode = launcher.process().waitFor();
    String said = launcher.said();
    int exitCode = compare(file, stopped);

    assertThat(stopCode).isEqualTo(143);
    assertThat(said).contains("one run after another", "ppo-1 finished", "goes on with it");
    assertThat(exitCode).isZero();
    assertThat(stopped.resolve("comparison.csv"))
        .hasSameTextualContentAs(undisturbed.resolve("comparison.csv"));
    assertThat(stopped.resolve("differences.csv"))
        .hasSameTextualContentAs(undisturbed.resolve("differences.csv"));
    assertThat(Files.readAllLines(stopped.resolve("comparison.csv"))).hasSize(1 + 4 * 2);
    assertThat(RunSummary.read(second.summary()).resumed()).hasSize(1);
    assertThat(stopped.resolve("state/broker")).doesNotExist();
    assertThat(second.state()).doesNotExist();
    assertThat(ElasticResetCommand.execute("report", second.path().toString())).isZero();
    assertThat(ProcessHandle.current().children()).isEmpty();
  }

  private static String[] arguments(Path file, Path output, String... more) {
    List<String> arguments = new ArrayList<>(List.of("compare", file.toString()));
    arguments.addAll(List.of("--output", output.toString()));
    arguments.addAll(List.of(more));
    return arguments.toArray(String[]::new);
  }

  private static int compare(Path file, Path output) throws IOException {
    return ElasticResetCommand.execute(arguments(file, output));
  }
}
