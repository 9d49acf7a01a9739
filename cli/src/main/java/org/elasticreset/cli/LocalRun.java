package org.elasticreset.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.elasticreset.broker.KafkaTopics;
import org.elasticreset.checkpoint.DurableFiles;
import org.elasticreset.cli.tracking.Tracking;
import org.elasticreset.proto.v1.RunEnded;

/** One run on this machine: a broker in this process, the services beside it, and the record. */
final class LocalRun {
  private static final Duration PROBE_EVERY = Duration.ofSeconds(5);
  private static final Duration LAST_WORDS = Duration.ofMillis(300);
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final Surroundings surroundings;
  private final RunConfig config;
  private final RunDirectory directory;
  private final Terminal terminal;
  private final Consumer<String> onRestart;
  private final Tracking tracking;

  /**
   * A run in its directory, from its beginning or from what its state holds.
   *
   * @param onRestart hears the name of each service that died and is started again
   * @param tracking begins once all of the run's past is recorded
   */
  LocalRun(
      Surroundings surroundings,
      RunConfig config,
      RunDirectory directory,
      Consumer<String> onRestart,
      Tracking tracking) {
    this.surroundings = surroundings;
    this.config = config;
    this.directory = directory;
    this.terminal = surroundings.terminal();
    this.onRestart = onRestart;
    this.tracking = tracking;
  }

  /**
   * Runs to the end. Whatever happens, no process of the run is left when this returns.
   *
   * @throws ServiceEnded if a service cannot be kept up
   * @throws InterruptedException if the launcher is told to stop
   */
  RunEnded run() throws InterruptedException {
    directory.createFolders();
    try {
      if (surroundings.sharedBroker() != null) {
        return run(surroundings.sharedBroker());
      }
      try (RunBroker broker =
          RunBroker.open(config.kafka(), directory.kafka(), directory.log("broker"), terminal)) {
        return run(broker.access());
      }
    } finally {
      directory.removeScratch();
    }
  }

  private RunEnded run(KafkaAccess kafka) throws InterruptedException {
    RunEnded end = runServices(kafka);
    if (config.raters().enabled()) {
      keepRatings(kafka);
    }
    return end;
  }

  private void keepRatings(KafkaAccess kafka) {
    try {
      RatingLog.write(kafka, directory.name(), directory.ratings());
      PreferenceLog.write(kafka, directory.name(), directory.preferences());
    } catch (KafkaException e) {
      terminal.problem("what people said could not be written: " + e.getMessage());
    }
  }

  private RunEnded runServices(KafkaAccess kafka) throws InterruptedException {
    Ports ports = Ports.choose(config, kafka.bootstrapServers());
    KafkaTopics.create(kafka.client(), directory.name());
    if (config.receiver() != null) {
      KafkaTopics.create(kafka.client(), ReceiverServices.runId(directory));
    }
    if (config.raters().enabled()) {
      KafkaTopics.createForPeople(kafka.client(), directory.name());
      RaterKeys.of(config.raters(), directory).forEach(holder -> invite(holder, ports));
    }
    RunProgress progress =
        new RunProgress(terminal, directory.path(), config.steps(), System::nanoTime);
    try (KafkaTrainingEvents events = new KafkaTrainingEvents(kafka, directory.name())) {
      requireOwnTopics(events);
      ownTopics();
      tellHowItBegan(kafka);
      List<ServiceSpec> specs =
          ServicePlan.prepare(surroundings.installation(), directory, config, ports);
      tellOperators(ports.emaService());
      terminal.line("console at http://127.0.0.1:%d/console".formatted(ports.emaHttp()));
      try (ServiceGroup services = ServiceGroup.start(specs);
          RunRecorder recorder = new RunRecorder(directory, tracking::begin);
          SecondPlayer second = secondPlayer(kafka)) {
        Supervision supervision =
            new Supervision(services, progress, config.startTimeout(), PROBE_EVERY, onRestart);
        RunEnded end = new RunLoop(events, supervision, recorder, progress, second).run();
        terminal.status("stopping the services");
        // What persons did last may be behind the learner's last word.
        events.poll(LAST_WORDS).forEach(recorder::record);
        return end;
      }
    }
  }

  private void invite(RaterKeys.Holder holder, Ports ports) {
    terminal.line(
        "%s (%s) rates at http://127.0.0.1:%d/rate#%s"
            .formatted(holder.name(), holder.role(), ports.rewardHttp(), holder.key()));
  }

  private SecondPlayer secondPlayer(KafkaAccess kafka) {
    return config.receiver() == null
        ? SecondPlayer.none()
        : SecondPlayer.of(
            new KafkaTrainingEvents(kafka, ReceiverServices.runId(directory)),
            new RunRecorder(
                ReceiverServices.metrics(directory), ReceiverServices.samples(directory)));
  }

  /** What this launcher, and those before it, did until now. */
  private void tellHowItBegan(KafkaAccess kafka) {
    new RunTopic(kafka, directory.name(), PATIENCE)
        .tell(AuditTrail.read(directory.audit()))
        .ifPresent(why -> terminal.problem("not told yet: " + why));
  }

  /** For {@code operate}, as long as the run is under way. */
  private void tellOperators(String emaService) {
    try {
      DurableFiles.replace(directory.emaServiceAddress(), emaService + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A broker that many runs use may know this name from another of them. */
  private void requireOwnTopics(KafkaTrainingEvents events) {
    if (!Files.exists(directory.checkpoints()) && !events.isEmpty()) {
      throw InvalidInputException.of(
          "name",
          directory.name(),
          "a name that is new to the broker; its topic training-events holds another run of it");
    }
  }

  /** From now on, what is on the topics is this run's, also for a launcher that goes on with it. */
  private void ownTopics() {
    try {
      Files.createDirectories(directory.checkpoints());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
