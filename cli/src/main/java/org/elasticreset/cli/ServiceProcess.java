package org.elasticreset.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;

/** One forked service. Its standard input is the pipe that {@link ParentWatch} listens to. */
final class ServiceProcess {
  private static final int CONNECT_MILLIS = 500;
  private static final int READ_MILLIS = 2_000;

  private final ServiceSpec spec;
  private final Process process;
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
      builder.environment().putAll(spec.environment());
      return new ServiceProcess(spec, builder.start());
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

  /**
   * Fails if the process is gone.
   *
   * @throws ServiceEnded naming it, its exit code and the end of its log
   */
  void requireAlive() {
    if (!process.isAlive()) {
      throw ServiceEnded.withExitCode(spec.name(), process.exitValue(), spec.log());
    }
  }

  /** True once the service has said that it is ready. */
  boolean isReady() {
    ready = ready || answersReady();
    return ready;
  }

  private boolean answersReady() {
    try {
      HttpURLConnection request = (HttpURLConnection) spec.ready().toURL().openConnection();
      request.setConnectTimeout(CONNECT_MILLIS);
      request.setReadTimeout(READ_MILLIS);
      try {
        return request.getResponseCode() == HttpURLConnection.HTTP_OK;
      } finally {
        request.disconnect();
      }
    } catch (IOException e) {
      return false;
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
