package org.elasticreset.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.elasticreset.cli.tracking.RunOutcome;
import org.elasticreset.cli.tracking.RunOutcome.State;
import org.elasticreset.cli.tracking.Sinks;
import org.elasticreset.cli.tracking.TrackedRun;
import org.elasticreset.cli.tracking.Tracking;
import org.elasticreset.proto.v1.TrainingEvent;
import org.jspecify.annotations.Nullable;

/**
 * A run that others operate: from its topics its files are made, and from them what sinks are told.
 * Everything can be lost here and is made again, whoever starts.
 */
final class ClusterRun {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final Duration IN_A_HURRY = Duration.ofSeconds(5);

  private final String runId;
  private final ClusterOptions cluster;
  private final RunDirectory directory;
  private final Terminal terminal;
  private @Nullable TrainingEvent first;
  private @Nullable TrainingEvent end;

  ClusterRun(String runId, ClusterOptions cluster, Path folder, Terminal terminal) {
    this.runId = runId;
    this.cluster = cluster;
    this.directory = new RunDirectory(folder);
    this.terminal = terminal;
  }

  /**
   * Follows the run to its end.
   *
   * @return what is not where it should be, in words
   * @throws InterruptedException if the process is told to end; what is there is delivered before
   */
  List<String> follow(Sinks sinks) throws InterruptedException {
    makeFolder();
    Map<String, String> environment = System.getenv();
    try (RunLock lock = RunLock.take(directory.path(), "--output", directory.path(), "a folder");
        KafkaTrainingEvents events =
            new KafkaTrainingEvents(
                KafkaAccess.of(cluster.bootstrapServers(), environment), runId);
        RunRecorder recorder = new RunRecorder(directory)) {
      events.replay(event -> record(event, recorder));
      if (first == null) {
        terminal.line("run " + runId + " has told nothing yet; waiting for its first event");
      }
      while (first == null) {
        events.poll(POLL).forEach(event -> record(event, recorder));
      }
      Tracking tracking = sinks.open(List.of(run(first)), environment, terminal::problem);
      tracking.begin();
      return follow(events, recorder, tracking);
    }
  }

  private List<String> follow(KafkaTrainingEvents events, RunRecorder recorder, Tracking tracking)
      throws InterruptedException {
    try {
      while (end == null) {
        events.poll(POLL).forEach(event -> record(event, recorder));
        events.deadLetters(); // of no concern here, and kept until somebody takes them
      }
    } catch (InterruptedException e) {
      tracking.end(new RunOutcome(State.RUNNING, Instant.now()), IN_A_HURRY);
      throw e;
    }
    List<String> problems = tracking.end(new RunOutcome(State.FINISHED, time(end)), PATIENCE);
    problems.forEach(terminal::problem);
    if (problems.isEmpty()) {
      tracking.delivered().forEach(terminal::line);
    }
    return problems;
  }

  private void record(TrainingEvent event, RunRecorder recorder) {
    if (first == null) {
      first = event;
    }
    recorder.record(event);
    if (event.hasRunEnded()) {
      end = event;
    }
  }

  private TrackedRun run(TrainingEvent beginning) {
    return new TrackedRun(
        runId,
        time(beginning),
        directory.path(),
        directory.metrics(),
        cluster.settings(),
        Map.of("elastic_reset.version", Installation.version()),
        List.of(directory.metrics(), directory.samples()));
  }

  private static Instant time(TrainingEvent event) {
    return Instant.ofEpochMilli(event.getTimeMillis());
  }

  /** A run of this machine has a record of its own, which is not to be made anew from a topic. */
  private void makeFolder() {
    if (Files.exists(directory.config())) {
      throw InvalidInputException.of(
          "--output", directory.path(), "a folder of its own; this is a run of this machine");
    }
    try {
      Files.createDirectories(directory.path());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
