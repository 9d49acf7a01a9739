package org.elasticreset.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.elasticreset.broker.KafkaTopics;
import org.elasticreset.broker.LocalBroker;

/** One run on this machine: a broker in this process, the services beside it, and the record. */
final class TrainingRun {
  private static final Duration START_TIMEOUT = Duration.ofMinutes(3);

  private final Installation installation;
  private final RunConfig config;
  private final RunDirectory directory;
  private final Terminal terminal;

  TrainingRun(
      Installation installation, RunConfig config, RunDirectory directory, Terminal terminal) {
    this.installation = installation;
    this.config = config;
    this.directory = directory;
    this.terminal = terminal;
  }

  /**
   * Runs to the end. Whatever happens, no process of the run is left when this returns.
   *
   * @throws ServiceEnded if a service dies
   * @throws InterruptedException if the launcher is told to stop
   */
  void run() throws InterruptedException {
    directory.createFolders();
    try (BrokerLog log = BrokerLog.to(directory.log("broker"))) {
      Files.writeString(directory.config(), SettingsText.yaml(config));
      runInScratch();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      directory.removeScratch();
    }
  }

  private void runInScratch() throws InterruptedException {
    Ports ports = Ports.choose(config);
    terminal.status("starting the broker");
    RunProgress progress = new RunProgress(terminal, config.steps(), System::nanoTime);
    try (LocalBroker broker =
        LocalBroker.start(directory.scratch().resolve("kafka"), ports.kafka())) {
      KafkaTopics.create(broker.bootstrapServers(), directory.name());
      List<ServiceSpec> specs = ServicePlan.prepare(installation, directory, config, ports);
      try (ServiceGroup services = ServiceGroup.start(specs);
          TrainingEventSource events =
              new KafkaTrainingEvents(broker.bootstrapServers(), directory.name());
          RunRecorder recorder = new RunRecorder(directory)) {
        new RunLoop(events, services, recorder, progress, START_TIMEOUT).run();
        terminal.status("stopping the services");
      }
    }
  }
}
