package org.elasticreset.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** One forked service. Its standard input is the pipe that {@link ParentWatch} listens to. */
final class ServiceProcess {
  private static final Set<String> HUB_TOKENS = Set.of("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN");
  private static final int CONNECT_MILLIS = 500;
  private static final int READ_MILLIS = 2_000;

  private final ServiceSpec spec;
  private final Process process;
  private final long started = System.nanoTime();
  private boolean ready;

  private ServiceProcess(ServiceSpec spec, Process process) {
    this.spec = spec;
    this.process = process;
  }

  static ServiceProcess start(ServiceSpec spec) {
    try {
      Files.createDirectories(spec.log().getParent());
      Files.createDirectories(spec.directory());
      ProcessBuilder builder =
          new ProcessBuilder(spec.command())
              .directory(spec.directory().toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(spec.log().toFile()));
      // Services get directories: what opens the Hub is the launcher's alone.
      builder.environment().keySet().removeAll(HUB_TOKENS);
      builder.environment().putAll(spec.environment());
      Process process = builder.start();
      Leftovers.note(spec.directory(), process.toHandle());
      return new ServiceProcess(spec, process);
    } catch (IOException e) {
      throw new UncheckedIOException(spec.name() + " could not be started", e);
    }
  }

  ServiceSpec spec() {
    return spec;
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Of a process that has ended; 128 more than the number of a signal that ended it. */
  int exitCode() {
    return process.exitValue();
  }

  /** Time since it was started. */
  Duration age() {
    return Duration.ofNanos(System.nanoTime() - started);
  }

  /** True once the service has said that it is ready, until it ends. */
  boolean isReady() {
    ready = ready || answersReady();
    return ready && process.isAlive();
  }

  private boolean answersReady() {
    return answer(spec.ready()) == HttpURLConnection.HTTP_OK;
  }

  /** True if the service says that it can do nothing any more; one that is silent is only slow. */
  boolean isDown() {
    return ready
        && process.isAlive()
        && answer(spec.ready().resolve("live")) == HttpURLConnection.HTTP_UNAVAILABLE;
  }

  /** Status of a probe; 0 if none came. */
  private static int answer(URI probe) {
    try {
      HttpURLConnection request = (HttpURLConnection) probe.toURL().openConnection();
      request.setConnectTimeout(CONNECT_MILLIS);
      request.setReadTimeout(READ_MILLIS);
      try {
        return request.getResponseCode();
      } finally {
        request.disconnect();
      }
    } catch (IOException e) {
      return 0;
    }
  }

  void askToStop() {
    process.destroy();
  }

  /** Waits for the end, and forces it when the time is over. */
  void awaitEnd(long deadlineNanos) throws InterruptedException {
    if (!process.waitFor(Math.max(0, deadlineNanos - System.nanoTime()), TimeUnit.NANOSECONDS)) {
      kill();
    }
  }

  void kill() {
    process.destroyForcibly();
  }
}
