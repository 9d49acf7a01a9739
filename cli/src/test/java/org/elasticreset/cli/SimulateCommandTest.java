package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimulateCommandTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--parameters many | --parameters: many (expected: a number such as 1M or 70B)",
        "--latency sleep=1s | --latency: sleep (expected: generate, token, score, learn)",
        "--latency learn=1 | --latency learn: 1 (expected: a duration such as 500ms",
        "--batch 10 | rollouts of a step: 64 (expected: a multiple of the batch, 10)",
        "--workers 0 | workers: 0 (expected: at least 1)",
        "--steps 5 | --steps: 5 (expected: more than --warm-up-steps 5)",
        "--max-staleness -1 | --max-staleness: -1 (expected: 0 or more)",
        "--costs nowhere.json | --costs: nowhere.json (expected: a file that can be read)",
        "--set ppo.epoch=2 | ppo.epoch",
        "--set tracing.otlp=nowhere | tracing.otlp: nowhere (expected: the URL of a collector",
        "plan --target 5 --worker-counts 1,8 | --worker-counts: [1, 8] (expected: nothing beside",
        "plan --target 5 --batches-per-worker 2 | --batches-per-worker: 2 (expected: nothing beside",
      })
  void whatCannotBeIsRefusedBeforeAnythingStarts(String options, String message) {
    String said = errors(("simulate " + options).split(" ", -1));

    assertThat(said).contains(message);
  }

  @Test
  void planComputesALineForEachCluster() {
    String said =
        output(
            "simulate",
            "plan",
            "--worker-counts",
            "1,8",
            "--latency",
            "generate=1s",
            "learn=500ms",
            "--batches-per-worker",
            "1");

    assertThat(said.lines().toList()).hasSize(3);
    assertThat(said).contains("bottleneck").contains("generation");
  }

  @Test
  void planForATargetSaysWhatItTakesOrWhatIsInTheWay() {
    assertThat(output("simulate", "plan", "--target", "10", "--latency", "generate=1s"))
        .contains("the smallest that reaches 10.0 rollouts/s");
    assertThat(output("simulate", "plan", "--target", "1000", "--latency", "learn=10s"))
        .contains(
            "no number of workers reaches 1000.0 rollouts/s", "learning is what is in the way");
  }

  private static String errors(String... arguments) {
    PrintStream real = System.err;
    var said = new ByteArrayOutputStream();
    System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      assertThat(ElasticResetCommand.execute(arguments)).isEqualTo(2);
    } finally {
      System.setErr(real);
    }
    return said.toString(StandardCharsets.UTF_8);
  }

  private static String output(String... arguments) {
    PrintStream real = System.out;
    var said = new ByteArrayOutputStream();
    System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      assertThat(ElasticResetCommand.execute(arguments)).isZero();
    } finally {
      System.setOut(real);
    }
    return said.toString(StandardCharsets.UTF_8);
  }
}
