package org.elasticreset.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A whole run as a user starts it: the command in a process, the services that it forks, and a
 * witness on its topics. Nothing stays behind when it is closed.
 */
final class FaultyRun implements AutoCloseable {
  /** The services of a run with one rollout worker, by the names of their folders. */
  static final List<String> SERVICES =
      List.of("ema-service", "learner-service", "reward-service", "rollout-service-1");

  private final RunFiles files;
  private final String name;
  private final String bootstrapServers;
  private final Map<String, String> environment;
  private final Path output;
  private final Witness witness;
  private final @Nullable BrokerProcess broker;
  private Process launcher;

  private FaultyRun(
      RunFiles files,
      String name,
      String bootstrapServers,
      Map<String, String> environment,
      @Nullable BrokerProcess broker,
      List<String> command) {
    this.files = files;
    this.name = name;
    this.bootstrapServers = bootstrapServers;
    this.environment = environment;
    this.broker = broker;
    this.output = files.root().resolve(name + ".out");
    this.witness = new Witness(bootstrapServers, name);
    this.launcher = fork(command);
  }

  /**
   * Starts a run with a broker in the launcher.
   *
   * @param settings {@code key=value}, over those of the run file
   */
  static FaultyRun start(RunFiles files, String name, int steps, String... settings) {
    int port = FreePort.any();
    List<String> command = command(files, name, steps, settings);
    command.addAll(List.of("--set", "kafka.port=" + port));
    return new FaultyRun(files, name, "127.0.0.1:" + port, Map.of(), null, command);
  }

  /**
   * Starts a broker, and a run on it.
   *
   * @param environment of the launcher, and so of its services
   */
  static FaultyRun startOnBroker(
      RunFiles files, String name, int steps, Map<String, String> environment, String... settings)
      throws InterruptedException {
    BrokerProcess broker = BrokerProcess.start(files.root().resolve("broker-of-" + name));
    List<String> command = command(files, name, steps, settings);
    command.addAll(List.of("--set", "kafka.bootstrap-servers=" + broker.bootstrapServers()));
    return new FaultyRun(files, name, broker.bootstrapServers(), environment, broker, command);
  }

  private static List<String> command(RunFiles files, String name, int steps, String... settings) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of("run", "--config", files.runFile().toString()));
    command.addAll(List.of("--runs", files.runs().toString(), "--name", name));
    command.addAll(List.of("--steps", String.valueOf(steps)));
    for (String setting : settings) {
      command.addAll(List.of("--set", setting));
    }
    return command;
  }

  private Process fork(List<String> command) {
    List<String> all = new ArrayList<>(Java.launcher());
    all.addAll(command);
    ProcessBuilder builder =
        new ProcessBuilder(all)
            .directory(files.root().toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
    // The services live for a minute: compiling them well would cost more than it gains.
    builder.environment().put("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1");
    builder.environment().putAll(environment);
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String name() {
    return name;
  }

  String bootstrapServers() {
    return bootstrapServers;
  }

  Path directory() {
    return files.runs().resolve(name);
  }

  Witness witness() {
    return witness;
  }

  BrokerProcess broker() {
    return Objects.requireNonNull(broker, "this run has its broker in the launcher");
  }

  /** As a power cut would; what the launcher started is left to itself. */
  void killLauncher() throws InterruptedException {
    Signals.KILL.send(launcher.pid());
    launcher.waitFor();
  }

  /** What a user types after that. */
  void resume() {
    launcher = fork(List.of("resume", "--runs", files.runs().toString(), name));
  }

  boolean isAlive() {
    return launcher.isAlive();
  }

  /** The process of a service; empty while it is down. */
  Optional<Long> pid(String service) {
    String settings = "/" + service + "/service.properties";
    return launcher
        .descendants()
        .filter(process -> process.info().commandLine().orElse("").contains(settings))
        .map(ProcessHandle::pid)
        .findFirst();
  }

  /** Waits until the service has a process. */
  long awaitPid(String service) throws InterruptedException {
    Await.until(() -> pid(service).isPresent(), () -> service + " is not there; " + hint());
    return pid(service).orElseThrow();
  }

  /** The settings that the launcher wrote for a service. */
  Path properties(String service) throws IOException {
    try (Stream<Path> found = Files.walk(directory(), 4)) {
      return found
          .filter(path -> path.endsWith(Path.of(service, "service.properties")))
          .findFirst()
          .orElseThrow(() -> new FaultyRunException("no settings of " + service + "; " + hint()));
    }
  }

  /** A process of a service that the launcher knows nothing of; the caller ends it. */
  Process addService(String service, Path jar, Map<String, String> environment) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                Java.executable(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dquarkus.config.locations=" + properties(service).toUri(),
                "-jar",
                jar.toString())
            .directory(files.root().toFile())
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(
                    directory().resolve("logs/added-" + service + ".log").toFile()));
    builder.environment().putAll(environment);
    return builder.start();
  }

  /** Waits until the run has told of a training step that high. */
  void awaitStep(long step) throws InterruptedException {
    Await.until(
        () -> witness.step() >= step || requireRunning(),
        () -> "step " + step + " was not reached, the last is " + witness.step() + "; " + hint());
  }

  /** False, so that it can stand in a condition that is waited for. */
  boolean requireRunning() {
    if (!launcher.isAlive() && witness.end() == null) {
      throw new FaultyRunException("the run ended with " + launcher.exitValue() + "; " + hint());
    }
    return false;
  }

  /** Waits for the end of the command. */
  int awaitEnd() throws InterruptedException {
    if (!launcher.waitFor(Await.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new FaultyRunException("the run did not end within " + Await.PATIENCE + "; " + hint());
    }
    return launcher.exitValue();
  }

  /** All that the launcher has said on its terminal. */
  String said() throws IOException {
    return Files.readString(output);
  }

  /** Where to read on, and the last words of the launcher. */
  String hint() {
    try {
      List<String> lines = Files.readAllLines(output);
      return "see %s; the launcher said last: %s"
          .formatted(
              directory().resolve("logs"),
              String.join(" | ", lines.subList(Math.max(0, lines.size() - 6), lines.size())));
    } catch (IOException e) {
      return "see " + output;
    }
  }

  @Override
  public void close() {
    witness.close();
    List<ProcessHandle> services = launcher.descendants().toList();
    launcher.destroy();
    try {
      if (!launcher.waitFor(30, TimeUnit.SECONDS)) {
        launcher.destroyForcibly();
      }
    } catch (InterruptedException e) {
      launcher.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    services.forEach(ProcessHandle::destroyForcibly);
    if (broker != null) {
      broker.close();
    }
  }
}
