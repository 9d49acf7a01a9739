package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.elasticreset.proto.v1.RunEnded;
import org.elasticreset.proto.v1.TrainingEvent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(180)
class SupervisionTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final TrainingEvent END =
      TrainingEvent.newBuilder().setRunEnded(RunEnded.getDefaultInstance()).build();

  private @Nullable Process launcher;

  @TempDir private Path directory;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final List<String> restarts = new ArrayList<>();
  private Duration startTimeout = Duration.ofMinutes(1);

  @Test
  void servicesBecomeReadyAndNoneIsLeftAfterClose() throws Exception {
    ServiceGroup group =
        ServiceGroup.start(
            List.of(
                FakeService.staying("first", directory), FakeService.staying("second", directory)));
    try (group) {
      awaitReady(group);
    }

    assertThat(group.processes()).allMatch(process -> hasEnded(process.pid()));
  }

  @Test
  void serviceThatDiesIsStartedAgainAndTheRunEndsWell() throws Exception {
    ServiceSpec sickly = FakeService.dyingOnce("sickly", directory, 7);
    try (ServiceGroup group =
        ServiceGroup.start(List.of(FakeService.staying("healthy", directory), sickly))) {
      long healthy = group.processes().get(0).pid();
      // The end of the run is told once the service is ready again.
      RunLoop loop =
          loop(group, new ToldLater(() -> said().contains("sickly is ready again"), END));

      loop.run();

      assertThat(said())
          .contains("sickly ended with exit code 7; starting it again\n")
          .containsPattern("sickly is ready again after \\d+\\.\\d s");
      assertThat(restarts).containsExactly("sickly");
      assertThat(group.processes().get(0).pid()).isEqualTo(healthy);
      assertThat(Files.readString(sickly.log())).contains("last words 30\nfake service is up");
    }
  }

  @Test
  void serviceThatIsKilledIsStartedAgainWithItsSignalNamed() throws Exception {
    try (ServiceGroup group = ServiceGroup.start(List.of(FakeService.staying("sole", directory)))) {
      awaitReady(group);
      signal("KILL", group.processes().get(0).pid());

      loop(group, new ToldLater(() -> said().contains("sole is ready again"), END)).run();

      assertThat(said()).contains("sole was ended by SIGKILL (exit code 137); starting it again\n");
    }
  }

  /** Its process would live for ever, and the run would stand still. */
  @Test
  void serviceThatSaysThatItIsDownIsEndedAndStartedAgain() throws Exception {
    try (ServiceGroup group =
        ServiceGroup.start(
            List.of(
                FakeService.staying("healthy", directory),
                FakeService.downOnce("numb", directory)))) {

      loop(group, new ToldLater(() -> said().contains("numb is ready again"), END)).run();

      assertThat(said())
          .contains(
              "numb says that it is down, see its log; ending it\n"
                  + "numb was ended by SIGKILL (exit code 137); starting it again\n");
      assertThat(restarts).containsExactly("numb");
    }
  }

  @Test
  void serviceThatDiesAgainAndAgainEndsTheRunWithTheEndOfItsLog() throws Exception {
    try (ServiceGroup group =
        ServiceGroup.start(
            List.of(
                FakeService.staying("healthy", directory),
                FakeService.dying("sickly", directory, 7, 0)))) {

      assertThatThrownBy(loop(group, new ListedEvents(List.of()))::run)
          .isInstanceOf(ServiceEnded.class)
          .hasMessageStartingWith(
              "sickly ended with exit code 7: it died 5 times without a training step in between;"
                  + " the end of ")
          .hasMessageContaining("logs/sickly.log:\n  last words 11\n")
          .hasMessageEndingWith("  last words 30");
      assertThat(restarts).hasSize(4);
    }
  }

  @Test
  void serviceWhoseSettingsCannotWorkIsNotStartedAgain() throws Exception {
    try (ServiceGroup group =
        ServiceGroup.start(List.of(FakeService.dying("confused", directory, 2, 0)))) {

      assertThatThrownBy(loop(group, new ListedEvents(List.of()))::run)
          .hasMessageStartingWith("confused ended with exit code 2: its settings cannot work; the");
      assertThat(restarts).isEmpty();
    }
  }

  @Test
  void serviceThatIsNotReadyInTimeIsNamed() throws Exception {
    ServiceSpec deaf = FakeService.staying("deaf", directory);
    ServiceSpec asked =
        new ServiceSpec(
            "deaf",
            deaf.command(),
            deaf.environment(),
            deaf.directory(),
            deaf.log(),
            deaf.ready().resolve("/nothing"));
    startTimeout = Duration.ofSeconds(1);
    try (ServiceGroup group = ServiceGroup.start(List.of(asked))) {

      assertThatThrownBy(loop(group, new ListedEvents(List.of()))::run)
          .hasMessageStartingWith(
              "deaf is not ready after 1 s; if it is only slow, raise start-timeout (by --set, or in"
                  + " the config.yaml of a run to be resumed); ");
    }
  }

  @Test
  void leftoversOfAKilledLauncherAreEnded() throws Exception {
    ServiceSpec spec = FakeService.staying("orphan", directory.resolve("scratch"));
    try (ServiceGroup group = ServiceGroup.start(List.of(spec))) {
      long pid = group.processes().get(0).pid();

      assertThat(Leftovers.end(directory.resolve("scratch"))).isEqualTo(1);
      assertThat(hasEnded(pid)).isTrue();
      assertThat(Leftovers.end(directory.resolve("scratch"))).isZero();
    }
  }

  @Test
  void commandThatCannotBeStartedLeavesNoOtherBehind() throws Exception {
    ServiceSpec good = FakeService.staying("good", directory);
    ServiceSpec bad =
        new ServiceSpec(
            "bad",
            List.of("/nowhere/java"),
            good.environment(),
            directory,
            directory.resolve("logs/bad.log"),
            good.ready());

    assertThatThrownBy(() -> ServiceGroup.start(List.of(good, bad)))
        .hasMessage("bad could not be started");
    assertThat(ProcessHandle.current().children().filter(this::isFake)).isEmpty();
  }

  @Test
  void interruptStopsTheServicesAndEndsWith130() throws Exception {
    Process launcher = startLauncher();
    List<Long> children = children(launcher);

    signal("INT", launcher.pid());

    assertThat(launcher.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(launcher.exitValue()).isEqualTo(130);
    assertThat(new String(launcher.getInputStream().readAllBytes())).contains("interrupted true");
    assertThat(children).allMatch(SupervisionTest::hasEnded);
  }

  @Test
  void servicesAreDeafToTheInterruptOfTheTerminal() throws Exception {
    try (ServiceGroup group =
        ServiceGroup.start(List.of(FakeService.staying("deaf-to-ctrl-c", directory)))) {
      awaitReady(group);
      signal("INT", group.processes().get(0).pid());
      Thread.sleep(500);

      assertThat(group.processes().get(0).isAlive()).isTrue();
    }
  }

  @Test
  void servicesEndByThemselvesWhenTheLauncherIsKilled() throws Exception {
    Process launcher = startLauncher();
    List<Long> children = children(launcher);

    launcher.destroyForcibly().waitFor();

    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!children.stream().allMatch(SupervisionTest::hasEnded)) {
      assertThat(System.nanoTime()).as("children left").isLessThan(deadline);
      Thread.sleep(100);
    }
  }

  private RunLoop loop(ServiceGroup group, TrainingEventSource events) {
    RunProgress progress =
        new RunProgress(
            new Terminal(new PrintStream(out), false, 80), Path.of("run"), 1, System::nanoTime);
    return new RunLoop(
        events,
        new Supervision(group, progress, startTimeout, Duration.ofMillis(100), restarts::add),
        new RunRecorder(new RunDirectory(directory)),
        progress);
  }

  private String said() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private static void awaitReady(ServiceGroup group) throws InterruptedException {
    while (!group.waitingFor().isEmpty()) {
      Thread.sleep(50);
    }
  }

  private Process startLauncher() throws IOException {
    launcher =
        new ProcessBuilder(
                // A build in the background of a shell is deaf to it, and so would be its children.
                "env",
                "--default-signal=INT",
                FakeService.java(),
                "-cp",
                System.getProperty("java.class.path"),
                FakeLauncher.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    return launcher;
  }

  @AfterEach
  void endLauncher() {
    if (launcher != null) {
      launcher.destroyForcibly();
    }
  }

  /** Reads the process ids that the fake launcher prints, and waits until both services are up. */
  private List<Long> children(Process launcher) throws Exception {
    BufferedReader out = launcher.inputReader();
    List<Long> children = new ArrayList<>();
    while (children.size() < 2) {
      String line = out.readLine();
      if (line.startsWith("child ")) {
        children.add(Long.parseLong(line.substring("child ".length())));
      }
    }
    for (String name : List.of("first", "second")) {
      Path log = directory.resolve("logs").resolve(name + ".log");
      while (!Files.exists(log) || !Files.readString(log).contains("is up")) {
        Thread.sleep(50);
      }
    }
    return children;
  }

  private boolean isFake(ProcessHandle process) {
    return process.info().commandLine().orElse("").contains(directory.toString());
  }

  private static void signal(String name, long pid) throws Exception {
    new ProcessBuilder("kill", "-" + name, String.valueOf(pid)).inheritIO().start().waitFor();
  }

  private static boolean hasEnded(long pid) {
    return ProcessHandle.of(pid).map(process -> !process.isAlive()).orElse(true);
  }
}
