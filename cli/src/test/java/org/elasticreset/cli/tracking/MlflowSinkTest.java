package org.elasticreset.cli.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.elasticreset.cli.tracking.FakeMlflow.Fault;
import org.elasticreset.cli.tracking.RunOutcome.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class MlflowSinkTest {
  private static final Instant END = Instant.parse("2026-11-01T11:00:00Z");
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir private Path folder;
  private final List<String> told = Collections.synchronizedList(new ArrayList<>());
  private FakeMlflow server;
  private TrackedRun run;
  private MetricsLines lines;
  private Map<String, String> environment = Map.of();

  @BeforeEach
  void begin() throws IOException {
    server = new FakeMlflow();
    run = TrackedRuns.in(folder);
    lines = new MetricsLines(run.metrics());
  }

  @AfterEach
  void end() {
    server.close();
    assertThat(server.violations).isEmpty();
  }

  @Test
  void runIsThereWithItsFiguresSettingsTagsFilesAndEnd() throws Exception {
    Files.writeString(folder.resolve("config.yaml"), "seed: 3\n");
    lines.evaluation(0, 0.25).steps(1, 2).reset(2).evaluation(2, 0.75);

    assertThat(live(State.FINISHED)).isEmpty();

    FakeMlflow.Run there = server.only();
    assertThat(there.name).isEqualTo("ours");
    assertThat(there.start).isEqualTo(MetricsLines.BEGIN.toEpochMilli());
    assertThat(there.status).isEqualTo("FINISHED");
    assertThat(there.end).isEqualTo(END.toEpochMilli());
    assertThat(there.params)
        .isEqualTo(Map.of("ema.decay", "0.9", "algorithm", "ppo", "chat", "false"));
    assertThat(there.tags)
        .containsEntry("arm", "elastic")
        .containsEntry("seed", "3")
        .containsEntry("elastic_reset.lines", "5")
        .containsEntry("elastic_reset.resets", "reset 1 behind step 2, to average: that many");
    assertThat(server.history("train/reward_mean")).containsExactly("0.01@1", "0.02@2");
    assertThat(server.history("eval/reward_mean")).containsExactly("0.25@0", "0.75@2");
    assertThat(server.history("reset_epoch")).containsExactly("0.0@1", "0.0@2", "1.0@2");
    assertThat(server.artifacts).isEqualTo(Map.of("1/run1/artifacts/config.yaml", "seed: 3\n"));
    assertThat(server.experiments).containsOnlyKeys("elastic-reset");
    assertThat(told).isEmpty();
  }

  @Test
  void runThatGoesOnIsTheSameRunAndNothingIsSentTwice() throws Exception {
    lines.steps(1, 3);
    live(State.KILLED);
    assertThat(server.only().status).isEqualTo("KILLED");
    lines.steps(4, 5);
    live(State.RUNNING);
    assertThat(server.only().status).isEqualTo("RUNNING");
    live(State.FINISHED);
    int batches = server.callsOf("runs/log-batch");
    live(State.FINISHED);

    assertThat(server.callsOf("runs/log-batch")).as("there was nothing new").isEqualTo(batches);
    assertThat(server.history("train/reward_mean"))
        .containsExactly("0.01@1", "0.02@2", "0.03@3", "0.04@4", "0.05@5");
  }

  @Test
  void longRunWithManySettingsIsSentInBatchesThatMlflowTakes() throws Exception {
    Map<String, String> settings = new TreeMap<>();
    for (int i = 0; i < 250; i++) {
      settings.put("some.setting-%d[*]".formatted(i), "x".repeat(700));
    }
    run = with(new TreeMap<>(settings));
    lines.steps(1, 2000);

    assertThat(live(State.FINISHED)).isEmpty();

    assertThat(server.only().params).hasSize(250).allSatisfy((key, value) -> cutWell(value));
    assertThat(server.history("train/reward_mean")).hasSize(2000);
  }

  private static void cutWell(String value) {
    assertThat(value).hasSize(500).endsWith("x…");
  }

  @Test
  void whatIsToldAgainOtherwiseStandsBehindWhatItReplaces() throws Exception {
    lines.steps(1, 4);
    live(State.KILLED);
    lines.backTo(2).step(3, 0.9).steps(4, 5);
    live(State.FINISHED);

    assertThat(server.history("train/reward_mean"))
        .containsExactly("0.01@1", "0.02@2", "0.03@3", "0.04@4", "0.9@3", "0.04@4", "0.05@5");
  }

  @Test
  void serverThatIsBusyIsAskedAgainAndEveryPointIsThereOnce() throws Exception {
    server.faults.add(Fault.of("experiments/get-by-name", 503));
    server.faults.add(
        new Fault("runs/log-batch", 429, Map.of("Retry-After", "1"), "slow down", false));
    server.faults.add(new Fault("runs/log-batch", 500, Map.of(), "<html>", true));
    lines.steps(1, 3);

    Tracking tracking = open();
    tracking.begin();
    await(() -> server.faults.isEmpty());
    assertThat(tracking.end(new RunOutcome(State.FINISHED, END), PATIENCE)).isEmpty();

    assertThat(server.faults).isEmpty();
    assertThat(server.history("train/reward_mean")).containsExactly("0.01@1", "0.02@2", "0.03@3");
    assertThat(told).hasSize(1);
    assertThat(told.get(0)).contains("503", "the run goes on, and it is tried again");
  }

  @Test
  void runWhoseCreationWasNotHeardOfIsNotCreatedAgain() throws Exception {
    server.faults.add(new Fault("runs/create", 504, Map.of(), "", true));
    lines.steps(1, 1);

    assertThat(live(State.FINISHED)).isEmpty();

    assertThat(server.only().params).isNotEmpty();
    assertThat(server.history("train/reward_mean")).containsExactly("0.01@1");
  }

  @Test
  void serverThatIsNotThereDelaysNothingAndIsSentEverythingLater() throws Exception {
    server.stop();
    lines.steps(1, 3);
    long begin = System.nanoTime();
    Tracking tracking = open();
    tracking.begin();
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofMillis(500));
    List<String> problems = tracking.end(new RunOutcome(State.FINISHED, END), PATIENCE);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(8));
    assertThat(problems).hasSize(1);
    assertThat(problems.get(0)).contains(server.address(), "has 0 of 3 lines of metrics.jsonl");

    server.startAgain();
    assertThat(live(State.FINISHED)).isEmpty();
    assertThat(server.history("train/reward_mean")).hasSize(3);
  }

  @Test
  void serverThatGoesAwayAndComesBackHasEverything() throws Exception {
    lines.steps(1, 2);
    Tracking tracking = open();
    tracking.begin();
    await(() -> server.runs.size() == 1 && server.history("train/reward_mean").size() == 2);
    server.stop();
    lines.steps(3, 4);
    await(() -> !told.isEmpty());
    server.startAgain();
    lines.steps(5, 5);

    assertThat(tracking.end(new RunOutcome(State.FINISHED, END), PATIENCE)).isEmpty();
    assertThat(server.history("train/reward_mean"))
        .containsExactly("0.01@1", "0.02@2", "0.03@3", "0.04@4", "0.05@5");
  }

  @Test
  void serverThatDoesNotAnswerIsGivenUpWhenPatienceIsOver() throws Exception {
    server.gate = new CountDownLatch(1);
    lines.steps(1, 2);
    long begin = System.nanoTime();

    List<String> problems = open().end(new RunOutcome(State.FINISHED, END), Duration.ofMillis(600));

    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(4));
    assertThat(problems).hasSize(1);
    assertThat(problems.get(0)).contains("0 of 2 lines", "it took too long");
  }

  @Test
  void launcherThatIsToldToStopDoesNotLoseThatAndWaitsAsLongAsItMay() throws Exception {
    lines.steps(1, 2);
    Thread.currentThread().interrupt();
    assertThat(live(State.KILLED)).isEmpty();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(server.only().status).isEqualTo("KILLED");
  }

  @Test
  void serverThatRefusesIsLeftAloneAndItsWordsAreShownWithoutASecret() throws Exception {
    environment = Map.of("MLFLOW_TRACKING_TOKEN", "secret-token");
    server.faults.add(
        new Fault("experiments/get-by-name", 403, Map.of(), "{\"message\":\"not\\nyou\"}", false));
    lines.steps(1, 2);

    List<String> problems = live(State.FINISHED);

    assertThat(problems).hasSize(1);
    assertThat(problems.get(0)).contains("0 of 2 lines", "403: not you");
    assertThat(server.calls).hasSize(1);
    assertThat(server.authorizations).containsExactly("Bearer secret-token");
    assertThat(told.toString() + problems).doesNotContain("secret");
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files.filter(Files::isRegularFile))
          .isNotEmpty()
          .allSatisfy(file -> assertThat(file).content().doesNotContain("secret-token"));
    }
  }

  @Test
  void answerOfSomethingElseIsSaid() throws Exception {
    server.faults.add(
        new Fault("experiments/get-by-name", 200, Map.of(), "<html>Log in</html>", false));
    lines.steps(1, 2);

    assertThat(live(State.FINISHED)).hasSize(1).allMatch(words -> words.contains("is it one?"));
  }

  @Test
  void runThatWasDeletedThereIsNotMadeAnewBehindAPersonsBack() throws Exception {
    lines.steps(1, 2);
    live(State.KILLED);
    server.only().lifecycle = "deleted";
    lines.steps(3, 3);

    assertThat(live(State.FINISHED))
        .hasSize(1)
        .allMatch(words -> words.contains("run run1 is no longer there (delete "));
    assertThat(server.runs).hasSize(1);
  }

  @Test
  void runIsFoundByItsTagWhereTheLedgerIsGone() throws Exception {
    lines.steps(1, 3);
    live(State.RUNNING);
    try (Stream<Path> ledgers = Files.list(folder.resolve("tracking"))) {
      for (Path ledger : ledgers.toList()) {
        Files.delete(ledger);
      }
    }
    lines.steps(4, 4);
    live(State.FINISHED);

    assertThat(server.history("train/reward_mean"))
        .containsExactly("0.01@1", "0.02@2", "0.03@3", "0.04@4");
  }

  @Test
  void runThatIsBegunAnewUnderItsOldNameIsAnotherRun() throws Exception {
    lines.steps(1, 1);
    live(State.FINISHED);
    run =
        new TrackedRun(
            run.name(),
            run.started().plusSeconds(60),
            folder.resolve("anew"),
            run.metrics(),
            run.settings(),
            run.tags(),
            run.files());
    live(State.FINISHED);

    assertThat(server.runs).hasSize(2);
  }

  @Test
  void twoRunsThatBeginSideBySideShareTheirExperiment() throws Exception {
    server.experiments.put("elastic-reset", "7");
    server.faults.add(
        new Fault(
            "experiments/get-by-name",
            404,
            Map.of(),
            "{\"error_code\":\"RESOURCE_DOES_NOT_EXIST\"}",
            false));
    lines.steps(1, 1);

    assertThat(live(State.FINISHED)).isEmpty();
    assertThat(server.only().experiment).isEqualTo("7");
  }

  private TrackedRun with(TreeMap<String, String> settings) {
    return new TrackedRun(
        run.name(), run.started(), run.folder(), run.metrics(), settings, run.tags(), run.files());
  }

  private Tracking open() {
    return new Sinks(false, null, server.address(), null, null)
        .open(List.of(run), environment, told::add);
  }

  private List<String> live(State state) {
    return open().end(new RunOutcome(state, END), PATIENCE);
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private void await(Condition condition) throws Exception {
    while (true) {
      synchronized (server) {
        if (condition.holds()) {
          return;
        }
      }
      Thread.sleep(20);
    }
  }
}
