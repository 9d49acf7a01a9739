package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code sweep} on runs that have ended, and what it refuses before any begins. */
class SweepCommandTest {
  private static final String YAML =
      """
      preset: movie-sentiment
      steps: 4
      seeds: [1, 2, 3]
      sweep:
        reset.every: [6, 12, 18]
        ema.decay: [0.7, 0.85, 0.95]
      """;

  @TempDir private Path root;
  private final PrintStream standardOut = System.out;
  private final PrintStream standardError = System.err;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
  private String formerHome = "";
  private SyntheticExperiment experiment;

  @BeforeEach
  void install() throws IOException {
    experiment = SyntheticExperiment.create(root);
    formerHome = System.getProperty("elastic-reset.home", "");
    System.setProperty("elastic-reset.home", root.toString());
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void restore() {
    System.setProperty("elastic-reset.home", formerHome);
    System.setOut(standardOut);
    System.setErr(standardError);
  }

  private int sweep(String yaml, String... more) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("sweep"));
    arguments.add(experiment.file(yaml).toString());
    arguments.addAll(List.of("--output", experiment.output().toString()));
    arguments.addAll(List.of(more));
    return ElasticResetCommand.execute(arguments.toArray(String[]::new));
  }

  private String said() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String written(String file) throws IOException {
    return Files.readString(experiment.output().resolve(file));
  }

  /** Where the decay alone does something: reward at each drift rises with it. */
  private void finishWhereDecayMatters() throws IOException {
    for (int every : new int[] {6, 12, 18}) {
      for (double decay : new double[] {0.7, 0.85, 0.95}) {
        for (long seed = 1; seed <= 3; seed++) {
          String name = "every-" + every + "-decay-" + decay;
          experiment.finish(
              name,
              seed,
              "reset.every=" + every + ",ema.decay=" + decay,
              new SyntheticExperiment.Figures() {
                @Override
                public double reward(String arm, long ofSeed, int step) {
                  double wobble = 0.002 * ((ofSeed * 7 + every) % 5);
                  return 0.5 + (step == 0 ? 0 : 0.4 * decay * step / 4) + wobble;
                }

                @Override
                public double drift(String arm, long ofSeed, int step) {
                  return 5.0 * step;
                }
              });
        }
      }
    }
  }

  @Test
  void settingThatDoesItIsNamedFirstAndTheOtherIsNot() throws IOException {
    finishWhereDecayMatters();

    int exitCode = sweep(YAML);

    assertThat(errors.toString(StandardCharsets.UTF_8)).isEmpty();
    assertThat(exitCode).isZero();
    assertThat(said())
        .contains("9 arms × 3 seeds = 27 runs, 27 of them finished before")
        .containsPattern("Set first ema\\.decay: it explains (9\\d|100) % .* best value, 0\\.95, ")
        .contains("Neither shown to matter nor shown to be small: reset.every (0 %")
        .contains("The best combination is reset.every");
    assertThat(written("sweep.html"))
        .contains("Set first ema.decay", "reset.every ↓ ema.decay →")
        .contains("<td>12</td><td>0.95</td><td>54.0 %</td>")
        // 0.95 to the power of 6, and 0.7 to that of 18
        .contains("ηⁿ 73.5 %", "ηⁿ 0.16 %");
    assertThat(written("sweep.csv").lines())
        .hasSize(1 + 27 * 4)
        .startsWith(
            "cell,seed,reset.every,ema.decay,initial_share,reward,drift,level,reward_at_drift,"
                + "reach,last_reward,last_drift");
    assertThat(written("main-effects.csv")).contains(",ema.decay,", ",matters,", ",unclear,");
    assertThat(written("heatmap-every-decay.svg")).contains("<svg");
    assertThat(experiment.output().resolve("heatmap-every-decay.png")).isNotEmptyFile();
  }

  @Test
  void sampleSpreadsOverRanges() throws IOException {
    String yaml =
        """
        preset: movie-sentiment
        steps: 4
        seeds: [1]
        sweep:
          reset.every: {from: 6, to: 18}
          ppo.learning-rate: {from: 5.0e-5, to: 5.0e-4, scale: log}
          sample: {sobol: 7}
        """;

    int exitCode = sweep(yaml, "--dry-run");

    assertThat(exitCode).isZero();
    assertThat(said())
        .contains("every-12-learning-rate-0.000158-1: would begin")
        .contains("every-15-learning-rate-0.0000889-1: would begin")
        .contains("every-9-learning-rate-0.000281-1: would begin");
    assertThat(said().lines().filter(line -> line.startsWith("run "))).hasSize(7);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
          reset.every: [6, 12, 18]  ~ reset.every: {from: 6, to: 18}        ~ sweep.reset.every.count: missing (expected: 2 or more values of the range, for a grid)
          reset.every: [6, 12, 18]  ~ reset.every: {from: 6, to: 3}         ~ sweep.reset.every: {"from":6,"to":3} (expected: numbers, from < to)
          reset.every: [6, 12, 18]  ~ reset.every: {from: 1, too: 3}        ~ sweep.reset.every: too (expected: from, to, scale and count)
          reset.every: [6, 12, 18]  ~ reset.every: [6]                      ~ sweep.reset.every: [6] (expected: two different values or more)
          reset.every: [6, 12, 18]  ~ reset.every: often                    ~ sweep.reset.every: "often" (expected: [values], or {from: …, to: …, scale: log})
          reset.every: [6, 12, 18]  ~ reset.evry: [6, 12]                   ~ arm evry-6-decay-0.7: reset.evry: unknown setting (did you mean reset.every?)
          reset.every: [6, 12, 18]  ~ sample: random                        ~ sweep.sample: "random" (expected: grid, or {sobol: N})
          ema.decay: [0.7, 0.85, 0.95] ~ ema.decay: [0.7, 1.5]              ~ arm every-6-decay-1.5: ema.decay: 1.5 (expected: 0 < decay < 1)
          """)
  void badSweepIsAnsweredInOneLine(String line, String wrong, String message) throws IOException {
    int exitCode = sweep(YAML.replace(line, wrong), "--dry-run");

    assertThat(errors.toString(StandardCharsets.UTF_8).strip()).isEqualTo(message);
    assertThat(exitCode).isEqualTo(2);
  }
}
