package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.elasticreset.cli.tracking.EventFiles;
import org.elasticreset.cli.tracking.EventFiles.Point;
import org.elasticreset.proto.v1.TrainingEvent;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class TrackCommandTest {
  @TempDir private Path root;
  private Path runs;
  private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

  @BeforeEach
  void begin() throws IOException {
    runs = Files.createDirectory(root.resolve("runs"));
    TinyRun.write(root, 6);
  }

  @Test
  void runThatHasEndedIsSentOnce() throws IOException {
    RunDirectory run = finished("one", List.of());

    assertThat(track("one", "--tensorboard")).isZero();
    byte[] events = bytesOf(run.path().resolve("tensorboard"));
    assertThat(track("one", "--tensorboard")).isZero();

    assertThat(bytesOf(run.path().resolve("tensorboard"))).isEqualTo(events);
    assertThat(EventFiles.read(run.path().resolve("tensorboard")).of("train/reward_mean"))
        .extracting(Point::step)
        .containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
  }

  @Test
  void runsOfAComparisonAreFoldersOfOneFolder() throws IOException {
    List<String> arm = List.of("tracking.comparison=movies", "tracking.arm=ppo");
    finished("ppo-1", arm);
    finished("ppo-2", arm);
    Path logdir = root.resolve("board");

    assertThat(track("ppo-1", "ppo-2", "--tensorboard", logdir.toString())).isZero();

    for (String run : List.of("ppo-1", "ppo-2")) {
      assertThat(EventFiles.read(logdir.resolve("movies").resolve(run)).texts())
          .anyMatch(text -> text.text().contains("| **arm** | `ppo` |"));
    }
  }

  @Test
  void sinksOfTheSettingsAreTakenWhereNoneIsNamed() throws IOException {
    RunDirectory run = finished("set", List.of("tracking.tensorboard=true"));

    assertThat(track("set")).isZero();

    assertThat(run.path().resolve("tensorboard")).isDirectory();
  }

  @Test
  void runThatNamesNoSinkIsRefused() throws IOException {
    finished("none", List.of());

    assertThat(track("none")).isEqualTo(2);
    assertThat(errors())
        .isEqualTo(
            "track none: nowhere to (expected: --tensorboard, --mlflow or both: its settings name"
                + " none of them)");
  }

  @Test
  void nameOfARunInThePlaceOfAnAddressIsRefused() throws IOException {
    finished("none", List.of());

    assertThat(track("none", "--mlflow", "none")).isEqualTo(2);
    assertThat(errors())
        .isEqualTo(
            "tracking.mlflow: none (expected: the address of an MLflow server, such as"
                + " http://mlflow.example.org:5000)");
  }

  @Test
  void whatIsNotDeliveredIsSaidAndMakesTheExitCodeOne() throws IOException {
    finished("one", List.of());

    assertThat(track("one", "--mlflow", "http://127.0.0.1:1")).isEqualTo(1);
    assertThat(errors())
        .contains(
            "one: MLflow at http://127.0.0.1:1 has 0 of 12 lines of metrics.jsonl: no connection");
  }

  @Test
  void runOfThisMachineIsNotMadeAnewFromABroker() throws IOException {
    RunDirectory run = finished("one", List.of());
    byte[] before = Files.readAllBytes(run.metrics());

    assertThat(
            track(
                "one",
                "--bootstrap-servers",
                "127.0.0.1:1",
                "--output",
                run.path().toString(),
                "--tensorboard"))
        .isEqualTo(2);

    assertThat(errors()).contains("a folder of its own; this is a run of this machine");
    assertThat(run.metrics()).hasBinaryContent(before);
  }

  @Test
  void runUnderWayIsFollowedToItsEnd() throws Exception {
    RunDirectory run = begun("live", List.of());
    List<TrainingEvent> events = SyntheticEvents.run(6, 2, 3);
    record(run, events.subList(0, 4));
    Thread launcher =
        new Thread(
            () -> {
              try {
                Thread.sleep(1500);
                record(run, events);
                summary(run)
                    .endedAt(Instant.now(), Duration.ZERO, "finished", "", null)
                    .write(run.summary());
              } catch (InterruptedException | IOException e) {
                throw new IllegalStateException(e);
              }
            });
    try (RunLock lock = RunLock.take(run)) {
      launcher.start();

      assertThat(track("live", "--tensorboard", "--follow")).isZero();

      launcher.join();
    }
    assertThat(EventFiles.read(run.path().resolve("tensorboard")).of("train/reward_mean"))
        .extracting(Point::step)
        .containsExactly(1L, 2L, 3L, 4L, 5L, 6L);
  }

  @Test
  void runWhoseLauncherWasKilledIsNotFollowedForEver() throws Exception {
    RunDirectory run = begun("killed", List.of());
    record(run, SyntheticEvents.run(6, 2, 3).subList(0, 4));
    Process launcher = new ProcessBuilder("true").start();
    launcher.waitFor();
    Files.writeString(run.state().resolve("launcher.lock"), launcher.pid() + "\n");

    assertThat(track("killed", "--tensorboard", "--follow")).isZero();

    assertThat(EventFiles.read(run.path().resolve("tensorboard")).of("train/reward_mean"))
        .isNotEmpty();
  }

  private RunDirectory begun(String name, List<String> settings) throws IOException {
    RunDirectory run = RunDirectory.create(runs, name, "preset");
    run.createFolders();
    Settings all = RunConfigSources.start(new Installation(root), null);
    all.layer(root.resolve("run.yaml"));
    settings.forEach(setting -> all.set(setting, root));
    RunConfig config = SettingsBinder.bind(all, RunConfig.class);
    Files.writeString(run.config(), SettingsText.yaml(config));
    RunSummary.begun(name, "preset", Instant.parse("2026-11-01T10:00:00Z")).write(run.summary());
    return run;
  }

  private RunDirectory finished(String name, List<String> settings) throws IOException {
    RunDirectory run = begun(name, settings);
    record(run, SyntheticEvents.run(6, 2, 3));
    summary(run).endedAt(Instant.now(), Duration.ZERO, "finished", "", null).write(run.summary());
    return run;
  }

  private static RunSummary summary(RunDirectory run) throws IOException {
    return RunSummary.read(run.summary());
  }

  private static void record(RunDirectory run, List<TrainingEvent> events) {
    try (RunRecorder recorder = new RunRecorder(run)) {
      events.forEach(recorder::record);
    }
  }

  private static byte[] bytesOf(Path folder) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.sorted().toList()) {
        all.write(Files.readAllBytes(file));
      }
    }
    return all.toByteArray();
  }

  private int track(String... arguments) {
    PrintStream before = System.err;
    System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
    try {
      List<String> all = new ArrayList<>(List.of("track"));
      all.addAll(Arrays.asList(arguments));
      all.addAll(List.of("--runs", runs.toString()));
      return ElasticResetCommand.execute(all.toArray(String[]::new));
    } finally {
      System.setErr(before);
    }
  }

  private String errors() {
    return errors.toString(StandardCharsets.UTF_8).strip();
  }
}
