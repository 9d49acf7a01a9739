package org.elasticreset.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The service processes of a run: started together, replaced one by one, stopped together. */
final class ServiceGroup implements AutoCloseable {
  private static final Duration STOP_GRACE = Duration.ofSeconds(8);

  private final List<ServiceProcess> processes = new ArrayList<>();

  /** Starts all of them at once; if one cannot be started, none stays. */
  static ServiceGroup start(List<ServiceSpec> specs) {
    ServiceGroup group = new ServiceGroup();
    try {
      for (ServiceSpec spec : specs) {
        group.processes.add(ServiceProcess.start(spec));
      }
      return group;
    } catch (RuntimeException e) {
      group.close();
      throw e;
    }
  }

  List<ServiceProcess> processes() {
    return List.copyOf(processes);
  }

  /** Puts a new process in the place of one that has ended. */
  void startAgain(ServiceProcess ended) {
    processes.set(processes.indexOf(ended), ServiceProcess.start(ended.spec()));
  }

  /** The services that are not ready yet. */
  List<ServiceProcess> waitingFor() {
    return processes.stream().filter(process -> !process.isReady()).toList();
  }

  /** Stops all of them at once, and returns when none is left. */
  @Override
  public void close() {
    processes.forEach(ServiceProcess::askToStop);
    long deadline = System.nanoTime() + STOP_GRACE.toNanos();
    try {
      for (ServiceProcess process : processes) {
        process.awaitEnd(deadline);
      }
    } catch (InterruptedException e) {
      processes.forEach(ServiceProcess::kill);
      Thread.currentThread().interrupt();
    }
  }
}
