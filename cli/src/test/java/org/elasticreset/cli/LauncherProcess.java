package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The command line as a process of its own, which a test may kill; and the run that it works on.
 */
record LauncherProcess(Process process, RunDirectory run, Path log) {
  private static final long PATIENCE_SECONDS = 900;

  static LauncherProcess start(RunDirectory run, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(FakeService.java());
    command.add("-Delastic-reset.home=" + System.getProperty("elastic-reset.home"));
    command.add("-Djava.util.logging.manager=org.jboss.logmanager.LogManager");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(ElasticResetCommand.class.getName());
    command.addAll(List.of(arguments));
    Path log = run.path().resolveSibling(run.name() + ".log");
    Files.createDirectories(log.getParent());
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    return new LauncherProcess(process, run, log);
  }

  /** Waits until a file of the run has a text in it. */
  void awaitText(Path file, String text) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!Files.exists(file) || !Files.readString(file).contains(text)) {
      assertThat(process.isAlive() && System.nanoTime() < end).as(this::said).isTrue();
      Thread.sleep(5);
    }
  }

  /** The process of a service, by the note that the launcher made of it. */
  ProcessHandle service(String name) throws IOException {
    Path note = run.scratch().resolve(name).resolve("pid");
    return ProcessHandle.of(Long.parseLong(Files.readString(note).split(" ")[0])).orElseThrow();
  }

  /** What it has printed until now. */
  String said() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
