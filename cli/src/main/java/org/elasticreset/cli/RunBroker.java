package org.elasticreset.cli;

import java.nio.file.Path;
import org.elasticreset.broker.KafkaTopics;
import org.elasticreset.broker.LocalBroker;
import org.elasticreset.cli.RunConfig.KafkaConfig;
import org.jspecify.annotations.Nullable;

/**
 * The broker of a run, or of several that one launcher runs: one in this process, or one that runs
 * already.
 */
final class RunBroker implements AutoCloseable {
  private final KafkaAccess access;
  private final @Nullable LocalBroker started;
  private final BrokerLog log;

  private RunBroker(KafkaAccess access, @Nullable LocalBroker started, BrokerLog log) {
    this.access = access;
    this.started = started;
    this.log = log;
  }

  /**
   * Starts a broker, unless the settings name one.
   *
   * @param data where its topics live; it goes on with what it finds there
   * @param logFile what the broker and the launcher's clients of it have to say
   */
  static RunBroker open(KafkaConfig settings, Path data, Path logFile, Terminal terminal) {
    BrokerLog log = BrokerLog.to(logFile);
    try {
      String existing = settings.bootstrapServers();
      if (existing != null) {
        return new RunBroker(KafkaAccess.of(existing, System.getenv()), null, log);
      }
      terminal.status("starting the broker");
      LocalBroker broker = LocalBroker.start(data, settings.port());
      return new RunBroker(KafkaAccess.plain(broker.bootstrapServers()), broker, log);
    } catch (RuntimeException e) {
      log.close();
      throw e;
    }
  }

  KafkaAccess access() {
    return access;
  }

  /** Deletes the topics of a run, if there are any: nobody will read them again. */
  void forget(String run) {
    KafkaTopics.delete(access.client(), run);
  }

  @Override
  public void close() {
    try {
      if (started != null) {
        started.close();
      }
    } finally {
      log.close();
    }
  }
}
