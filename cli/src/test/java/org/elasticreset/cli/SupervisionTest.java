package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class SupervisionTest {
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  @TempDir private Path directory;

  @Test
  void servicesBecomeReadyAndNoneIsLeftAfterClose() throws Exception {
    ServiceGroup group =
        ServiceGroup.start(
            List.of(
                FakeService.staying("first", directory), FakeService.staying("second", directory)));
    try (group) {
      while (!group.waitingFor().isEmpty()) {
        group.requireAlive();
        Thread.sleep(50);
      }
    }

    assertThat(group.processes()).allMatch(process -> hasEnded(process.pid()));
  }

  @Test
  void serviceThatDiesIsNamedWithExitCodeAndEndOfItsLog() throws Exception {
    try (ServiceGroup group =
            ServiceGroup.start(
                List.of(
                    FakeService.staying("healthy", directory),
                    FakeService.dying("sickly", directory, 7, 0)));
        RunRecorder recorder = new RunRecorder(new RunDirectory(directory))) {
      RunLoop loop =
          new RunLoop(
              new ListedEvents(List.of()),
              group,
              recorder,
              new RunProgress(new Terminal(System.out, false, 80), 1, System::nanoTime),
              Duration.ofMinutes(1));

      assertThatThrownBy(loop::run)
          .isInstanceOf(ServiceEnded.class)
          .hasMessageStartingWith("sickly ended with exit code 7; the end of ")
          .hasMessageContaining("logs/sickly.log:\n  last words 11\n")
          .hasMessageEndingWith("  last words 30");
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
    try (ServiceGroup group = ServiceGroup.start(List.of(asked));
        RunRecorder recorder = new RunRecorder(new RunDirectory(directory))) {
      RunLoop loop =
          new RunLoop(
              new ListedEvents(List.of()),
              group,
              recorder,
              new RunProgress(new Terminal(System.out, false, 80), 1, System::nanoTime),
              Duration.ofSeconds(1));

      assertThatThrownBy(loop::run).hasMessageStartingWith("deaf is not ready after 1 s");
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

    assertThat(launcher.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(launcher.exitValue()).isEqualTo(130);
    assertThat(new String(launcher.getInputStream().readAllBytes())).contains("interrupted true");
    assertThat(children).allMatch(SupervisionTest::hasEnded);
  }

  @Test
  void servicesAreDeafToTheInterruptOfTheTerminal() throws Exception {
    try (ServiceGroup group =
        ServiceGroup.start(List.of(FakeService.staying("deaf-to-ctrl-c", directory)))) {
      while (!group.waitingFor().isEmpty()) {
        Thread.sleep(50);
      }
      signal("INT", group.processes().get(0).pid());
      Thread.sleep(500);

      group.requireAlive();
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

  private Process startLauncher() throws IOException {
    return new ProcessBuilder(
            FakeService.java(),
            "-cp",
            System.getProperty("java.class.path"),
            FakeLauncher.class.getName(),
            directory.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
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
