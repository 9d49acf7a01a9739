package org.elasticreset.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.elasticreset.broker.LocalBrokerException;
import org.elasticreset.cli.RunConfig.KafkaConfig;
import org.jspecify.annotations.Nullable;

/**
 * The one broker of an experiment's runs: their names, which are before the names of their topics,
 * keep them apart.
 */
public final class SharedBroker implements AutoCloseable {
  private final RunBroker broker;
  private final @Nullable Path data;

  private SharedBroker(RunBroker broker, @Nullable Path data) {
    this.broker = broker;
    this.data = data;
  }

  /**
   * Starts it, unless the settings of the run name one that runs already.
   *
   * @param settings of any of the runs, which agree in those of Kafka
   * @param data where its topics live
   * @param log its file
   */
  public static SharedBroker open(PlannedRun settings, Path data, Path log, Terminal terminal) {
    KafkaConfig kafka = settings.kafka();
    try {
      RunBroker broker = RunBroker.open(kafka, data, log, terminal);
      return new SharedBroker(broker, kafka.bootstrapServers() == null ? data : null);
    } catch (LocalBrokerException e) {
      throw new InvalidInputException(String.valueOf(e.getMessage()));
    }
  }

  KafkaAccess access() {
    return broker.access();
  }

  /** Leads {@code resume}, which starts a broker where a run has one, to this one's topics. */
  void keepTopicsOf(RunDirectory run) {
    if (data == null) {
      return;
    }
    try {
      Path link = run.kafka();
      Files.createSymbolicLink(link, run.state().toRealPath().relativize(data.toRealPath()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void forget(String run) {
    broker.forget(run);
  }

  @Override
  public void close() {
    broker.close();
  }
}
