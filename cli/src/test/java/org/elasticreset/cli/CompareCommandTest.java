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

/** {@code compare} on runs that have ended, and what it refuses before any begins. */
class CompareCommandTest {
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

  private int compare(String yaml, String... more) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("compare"));
    arguments.add(experiment.file(yaml).toString());
    arguments.addAll(List.of("--output", experiment.output().toString()));
    arguments.addAll(List.of(more));
    return ElasticResetCommand.execute(arguments.toArray(String[]::new));
  }

  private String said() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String complained() {
    return errors.toString(StandardCharsets.UTF_8).strip();
  }

  private String written(String file) throws IOException {
    return Files.readString(experiment.output().resolve(file));
  }

  @Test
  void finishedRunsAreComparedAndNoneIsRunAgain() throws IOException {
    experiment.finishAll(SyntheticExperiment.tenthHigher("elastic-reset"));

    int exitCode = compare(SyntheticExperiment.YAML);

    assertThat(complained()).isEmpty();
    assertThat(exitCode).isZero();
    assertThat(said())
        .contains("2 arms × 6 seeds = 12 runs, 12 of them finished before")
        .containsPattern(
            "elastic-reset has 0\\.10\\d more reward than ppo within a KL of 20\\.0 nats: 95 % "
                + "interval \\+0\\.10\\d to \\+0\\.11\\d, 6 seeds, p ");
    assertThat(written("comparison.html"))
        .contains("elastic-reset has 0.10", "<svg class=\"armchart\"", "runs/ppo-1/report.html")
        .contains(">finished</span>")
        .doesNotContain("Not finished", "too few seeds");
    assertThat(written("differences.csv"))
        .contains("reward_at_drift,reward_mean,kl_to_initial_nats,20.0000,true,elastic-reset,ppo,6")
        .contains("area_under_front,judge_mean,perplexity_human_text");
    assertThat(written("comparison.csv").lines())
        .hasSize(1 + 12 * 3)
        .startsWith("arm,seed,step,reward_mean,judge_mean,kl_to_initial_nats,perplexity_human_text")
        .contains("ppo,1,4,0.71,0.61,20.0,80.0");
    assertThat(written("front.svg")).contains("<svg");
    assertThat(experiment.output().resolve("front.png")).isNotEmptyFile();
    assertThat(experiment.output().resolve("curves.png")).isNotEmptyFile();
  }

  @Test
  void pageWorksWithoutAScript() throws IOException {
    experiment.finishAll(SyntheticExperiment.tenthHigher("elastic-reset"));
    compare(SyntheticExperiment.YAML);

    String page = written("comparison.html").replaceAll("(?s)<script.*?</script>", "");

    // One front for each pair of reward and drift, one curve a figure; radio buttons choose.
    assertThat(page.split("<svg class=\"armchart\"", -1)).hasSize(1 + 4 + 4);
    assertThat(page).contains("#r-judge:checked~#d-perplexity:checked~.v-judge-perplexity");
    assertThat(page).doesNotContain("http://", "https://");
  }

  @Test
  void armsThatDifferByNothingAreNotDistinguishable() throws IOException {
    experiment.finishAll(SyntheticExperiment.tenthHigher("nobody"));

    compare(SyntheticExperiment.YAML);

    assertThat(said()).contains("Not distinguishable from ppo at 6 seeds: elastic-reset (0.000");
  }

  @Test
  void changedSettingOfAnArmIsRefusedWithWhatItWas() throws IOException {
    experiment.finishAll(SyntheticExperiment.tenthHigher("elastic-reset"));

    int exitCode =
        compare(SyntheticExperiment.YAML.replace("reset: {}", "reset: {ema: {decay: 0.8}}"));

    assertThat(exitCode).isEqualTo(2);
    assertThat(complained())
        .isEqualTo(
            "arm elastic-reset: ema.decay: was 0.9, now 0.8 (expected: the settings that run"
                + " elastic-reset-1 began with; --restart-arm elastic-reset deletes the runs of the"
                + " arm, another --output keeps them)");
  }

  @Test
  void dryRunSaysWhatEachArmChangesAndWhatWouldRun() throws IOException {
    experiment.finish(
        "ppo", 1, "reset.trigger=on-request", SyntheticExperiment.tenthHigher("nobody"));

    int exitCode = compare(SyntheticExperiment.YAML, "--dry-run", "--seeds", "1,2");

    assertThat(exitCode).isZero();
    assertThat(said())
        .contains("arm elastic-reset: reset.trigger: every-n-updates (on-request)")
        .contains("runs/ppo-1: has finished", "runs/ppo-2: would begin");
    assertThat(experiment.output().resolve("comparison.html")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
          baseline: ppo              ~ baseline: pp0              ~ baseline: pp0 (expected: ppo | elastic-reset)
          baseline: ppo              ~ basline: ppo               ~ basline: unknown setting (did you mean baseline?)
          baseline: ppo              ~ # none                      ~ baseline: missing (expected: ppo | elastic-reset)
          seeds: [1, 2, 3, 4, 5, 6]  ~ seeds: [1, 2, 1]           ~ seeds: [1, 2, 1] (expected: different seeds: 1 twice is one run, not two)
          seeds: [1, 2, 3, 4, 5, 6]  ~ seeds: []                  ~ seeds: [] (expected: a list of whole numbers: [1, 2, 3])
          seeds: [1, 2, 3, 4, 5, 6]  ~ seeds: [1.5]               ~ seeds: 1.5 (expected: whole numbers)
          seeds: [1, 2, 3, 4, 5, 6]  ~ seed: 1                    ~ seed: given (expected: seeds, which every arm has)
          elastic-reset: {}          ~ elastic_reset: {}          ~ arms: elastic_reset (expected: letters, digits, '.' and '-')
          elastic-reset: {}          ~                            ~ arms: ppo alone (expected: two or more: there is nothing to compare else)
          elastic-reset: {}          ~ other: {reset: {evry: 6}}  ~ arm other: reset.evry: unknown setting (did you mean reset.every?)
          elastic-reset: {}          ~ other: {resett: {every: 6}} ~ arms.other: resett: unknown setting (did you mean reset?)
          elastic-reset: {}          ~ other: {ema: {decay: 2}}   ~ arm other: ema.decay: 2 (expected: 0 < decay < 1)
          elastic-reset: {}          ~ other: {seed: 4}           ~ arms.other.seed: given (expected: seeds, which every arm has)
          elastic-reset: {}          ~ other: {kafka: {port: 4}}  ~ arms.other.kafka.port: given (expected: kafka beside arms: all share one)
          elastic-reset: {}          ~ other: 3                   ~ arms.other: 3 (expected: settings, as key: value)
          elastic-reset: {}          ~ other: {ema: {http-port: 9000}} ~ arm other: ema.http-port: 9000 (expected: 0, a free one: runs of an experiment have their own)
          """)
  void badFileIsAnsweredInOneLine(String line, String wrong, String message) throws IOException {
    String yaml = SyntheticExperiment.YAML.replace(line, wrong == null ? "" : wrong);

    int exitCode = compare(yaml, "--dry-run");

    assertThat(complained()).isEqualTo(message);
    assertThat(exitCode).isEqualTo(2);
  }

  @Test
  void missingPromptsAreFoundBeforeAnyRunBegins() throws IOException {
    int exitCode =
        compare(SyntheticExperiment.YAML.replace("reset: {}", "reset: {prompts: gone.txt}"));

    assertThat(complained()).startsWith("arm elastic-reset: prompts: ").contains("gone.txt");
    assertThat(exitCode).isEqualTo(2);
    assertThat(experiment.output()).doesNotExist();
  }

  @Test
  void unknownArmOfAnOptionIsNamedWithThoseThereAre() throws IOException {
    compare(SyntheticExperiment.YAML, "--arms", "ppo,grpo", "--dry-run");

    assertThat(complained()).isEqualTo("--arms: grpo (expected: ppo | elastic-reset)");
  }
}
