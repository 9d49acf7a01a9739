package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.elasticreset.cli.RolloutWitness.Arrival;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker that is told to stop, as a rolling restart does it, in the middle of its work. */
class DrainIT {
  @TempDir private Path root;

  @Test
  void workerThatIsToldToStopEndsItsBatchAndCommitsIt() throws Exception {
    TinyRun.write(root, 2);
    RunDirectory run = new RunDirectory(root.resolve("runs/drained"));
    int port = freePort();
    // Batches so large that a worker is in the middle of one for a while.
    String[] arguments =
        TinyRun.arguments(
            root,
            "drained",
            "--set",
            "kafka.port=" + port,
            "--set",
            "rollout.batch-size=2048",
            "--set",
            "rollout.per-step=4096",
            "--set",
            "ppo.minibatch-size=1024",
            "--set",
            "ppo.micro-batch-size=1024",
            "--set",
            "ppo.epochs=1",
            "--set",
            "sampling.max-new-tokens=24",
            "--set",
            "reset.trigger=on-request",
            "--set",
            "evaluation.every=9");
    try (RolloutWitness witness = new RolloutWitness(port, "drained")) {
      LauncherProcess launcher = LauncherProcess.start(run, arguments);
      // The last line before the first batch of the second step.
      launcher.awaitText(run.log("rollout-service-1"), "policy adopted version=2");
      long told = System.currentTimeMillis();
      launcher.service("rollout-service-1").destroy();

      assertThat(launcher.process().waitFor(200, TimeUnit.SECONDS)).isTrue();
      assertThat(launcher.process().exitValue()).as(launcher::said).isZero();
      assertThat(launcher.said())
          .contains("rollout-service-1 was ended by SIGTERM (exit code 143); starting it again")
          .contains("rollouts: admitted 8,200 = trained 8,192 + evaluated 8\n");
      assertThat(Files.readString(run.log("rollout-service-1"))).doesNotContain("batch abandoned");
      List<Arrival> second = ofStep(witness, 2);
      assertThat(second)
          .extracting(arrival -> arrival.batch().getBatchId())
          .doesNotHaveDuplicates();
      assertThat(second).hasSize(2);
      // Begun before the signal, and here after it.
      Arrival drained = second.get(0);
      assertThat(drained.millis()).isGreaterThan(told);
      assertThat(drained.millis() - drained.batch().getGenerationNanos() / 1_000_000)
          .isLessThan(told + 1_000);
    }
  }

  private static List<Arrival> ofStep(RolloutWitness witness, long step) {
    return witness.arrivals().stream()
        .filter(arrival -> arrival.batch().getBatchId().startsWith("train-" + step + "-"))
        .sorted((a, b) -> Long.compare(a.millis(), b.millis()))
        .toList();
  }

  private static int freePort() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
