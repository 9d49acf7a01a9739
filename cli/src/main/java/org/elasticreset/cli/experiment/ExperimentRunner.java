package org.elasticreset.cli.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.elasticreset.cli.Installation;
import org.elasticreset.cli.Interruption;
import org.elasticreset.cli.RecordedRun;
import org.elasticreset.cli.SharedBroker;
import org.jspecify.annotations.Nullable;

/** Runs what an experiment still misses, so many at a time; a run that fails stops no other. */
final class ExperimentRunner {
  private static final long TICK_MILLIS = 500;

  /** Within what the JVM waits for after it was told to end. */
  private static final long STOP_SECONDS = 22;

  private final Installation installation;
  private final SharedBroker broker;
  private final ExperimentProgress progress;
  private final String goOn;
  private final Runnable onEnd;

  /**
   * A runner of runs.
   *
   * @param goOn the command that goes on with the experiment
   * @param onEnd called behind each run that has ended, one at a time
   */
  ExperimentRunner(
      Installation installation,
      SharedBroker broker,
      ExperimentProgress progress,
      String goOn,
      Runnable onEnd) {
    this.installation = installation;
    this.broker = broker;
    this.progress = progress;
    this.goOn = goOn;
    this.onEnd = onEnd;
  }

  /**
   * Lives all of these runs, in this order.
   *
   * @return the names of those that failed
   * @throws InterruptedException if the launcher is told to stop; no service is left then
   */
  List<String> run(List<ArmRun> runs, int parallel, Interruption interruption)
      throws InterruptedException {
    List<String> failed = new ArrayList<>();
    ExecutorService launchers = Executors.newFixedThreadPool(parallel);
    try {
      List<Future<?>> lives = new ArrayList<>();
      for (ArmRun run : runs) {
        lives.add(launchers.submit(() -> live(run, interruption, failed)));
      }
      while (!lives.stream().allMatch(Future::isDone)) {
        Thread.sleep(TICK_MILLIS);
        progress.tick();
      }
      for (Future<?> life : lives) {
        life.get();
      }
    } catch (ExecutionException e) {
      // Not of a run, whose problems are told: of what is written behind it.
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    } finally {
      launchers.shutdownNow();
      awaitEnd(launchers);
    }
    return failed;
  }

  private void live(ArmRun run, Interruption interruption, List<String> failed) {
    if (Thread.currentThread().isInterrupted()) {
      return;
    }
    progress.begins(run);
    String problem = problem(run, interruption);
    synchronized (this) {
      if (problem == null) {
        progress.finished(run);
      } else if (!interruption.requestedSoon()) {
        progress.failed(run, problem);
        failed.add(run.name());
      } else {
        progress.interrupted(run);
        return;
      }
      onEnd.run();
    }
  }

  /** What went wrong with a run, in words; null if nothing did. */
  private @Nullable String problem(ArmRun run, Interruption interruption) {
    try {
      if (run.run().live(installation, broker, goOn, interruption) == 0) {
        return null;
      }
      String message = RecordedRun.read(run.run().directory()).summary().path("message").asText("");
      return message.isEmpty() ? "it did not end well" : message;
    } catch (RuntimeException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static void awaitEnd(ExecutorService launchers) {
    boolean interrupted = false;
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_SECONDS);
    while (!launchers.isTerminated() && System.nanoTime() < deadline) {
      try {
        launchers.awaitTermination(1, TimeUnit.SECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
