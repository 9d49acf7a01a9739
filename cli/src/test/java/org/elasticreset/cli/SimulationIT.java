package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real services with simulated compute, one of which is killed. */
class SimulationIT {
  @TempDir private Path root;

  @Test
  void simulationEndsWithBooksThatAddUpThoughAWorkerIsKilled() throws Exception {
    RunDirectory run = new RunDirectory(root.resolve("runs/scale"));
    LauncherProcess launcher =
        LauncherProcess.start(
            run,
            "simulate",
            "--runs",
            run.path().getParent().toString(),
            "--name",
            "scale",
            "--workers",
            "2",
            "--steps",
            "8",
            "--warm-up-steps",
            "1",
            "--reset-every",
            "3",
            "--parameters",
            "300k",
            "--latency",
            "generate=exponential:150ms",
            "--latency",
            "learn=50ms",
            "--response-tokens",
            "lognormal:20,0.5");

    launcher.awaitText(run.log("learner-service"), "step done step=1 ");
    launcher.service("rollout-service-1").destroyForcibly();
    assertThat(launcher.process().waitFor()).as(launcher::said).isZero();

    JsonNode seen = new ObjectMapper().readTree(run.path().resolve("simulation.json").toFile());
    JsonNode books = seen.at("/measured/books");
    assertThat(books.path("admitted").asLong()).isEqualTo(8 * 64);
    assertThat(books.path("trained").asLong()).isEqualTo(8 * 64);
    assertThat(books.path("received").asLong()).isEqualTo(8 * 64 + books.path("dropped").asLong());
    assertThat(books.path("resets").asInt()).isEqualTo(2);
    assertThat(books.path("restarts").asInt()).isEqualTo(1);
    assertThat(books.path("deadLetters").asInt()).isZero();
    assertThat(seen.at("/measured/steps").asInt()).isEqualTo(7);
    assertThat(seen.at("/measured/phases/optimising").asDouble()).isBetween(0.05, 1.0);
    assertThat(seen.at("/measured/weights/receivedBytes").asLong()).isEqualTo(7 * 4 * 300_000);
    assertThat(seen.at("/measured/weights/fetches").asLong()).isPositive();
    assertThat(seen.at("/measured/processes/workers/secondsPerBatch").asDouble())
        .isBetween(0.05, 0.5);
    assertThat(seen.at("/computed/efficiency").asDouble()).isBetween(0.01, 1.0);
    assertThat(launcher.said()).contains("bottleneck");
    assertThat(run.state()).doesNotExist();
    assertThat(run.scratch()).doesNotExist();
  }
}
