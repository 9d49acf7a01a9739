package org.elasticreset.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;

/** Kafka as a process that can be killed and started again on its directory and port. */
final class BrokerProcess implements AutoCloseable {
  private final Path directory;
  private final Path log;
  private final int port;
  private Process process;

  private BrokerProcess(Path directory, Path log, int port) {
    this.directory = directory;
    this.log = log;
    this.port = port;
    this.process = fork();
  }

  /** Starts it, and returns when it answers. */
  static BrokerProcess start(Path directory) throws InterruptedException {
    BrokerProcess broker =
        new BrokerProcess(
            directory, directory.resolveSibling(directory.getFileName() + ".log"), FreePort.any());
    broker.awaitAnswer();
    return broker;
  }

  private Process fork() {
    try {
      Files.createDirectories(directory);
      List<String> command = new ArrayList<>(Java.launcher());
      command.addAll(List.of("broker", directory.toString(), "--port", String.valueOf(port)));
      Process broker =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(broker::destroyForcibly));
      return broker;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  long pid() {
    return process.pid();
  }

  /** As a power cut would: nothing is flushed, no client is told. */
  void kill() throws InterruptedException {
    Signals.KILL.send(process.pid());
    process.waitFor();
  }

  /** On the same directory and port; returns when it answers. */
  void startAgain() throws InterruptedException {
    process = fork();
    awaitAnswer();
  }

  private void awaitAnswer() throws InterruptedException {
    Await.until(this::answers, () -> "the broker does not answer; see " + log);
  }

  private boolean answers() throws InterruptedException {
    if (!process.isAlive()) {
      throw new FaultyRunException("the broker ended with " + process.exitValue() + "; see " + log);
    }
    try (Admin admin =
        Admin.create(
            Map.of(
                "bootstrap.servers", bootstrapServers(),
                "default.api.timeout.ms", 2_000,
                "request.timeout.ms", 1_000))) {
      admin.listTopics().names().get(3, TimeUnit.SECONDS);
      return true;
    } catch (ExecutionException | java.util.concurrent.TimeoutException e) {
      return false;
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
