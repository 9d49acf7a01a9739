package org.elasticreset.ema;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTestProfile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.elasticreset.broker.KafkaTopics;
import org.elasticreset.broker.LocalBroker;
import org.elasticreset.checkpoint.DurableFiles;
import org.jspecify.annotations.Nullable;

/** A service with a console, as the launcher starts it, and a broker of its own. */
public final class ConsoleOn implements QuarkusTestProfile {

  @Override
  public List<TestResourceEntry> testResources() {
    return List.of(new TestResourceEntry(Run.class));
  }

  @Override
  public boolean disableGlobalTestResources() {
    return true;
  }

  /** Its broker and its directory. */
  public static final class Run implements QuarkusTestResourceLifecycleManager {

    private @Nullable LocalBroker broker;
    private @Nullable Path directory;

    @Override
    public Map<String, String> start() {
      broker = LocalBroker.startTemporary();
      KafkaTopics.create(broker.bootstrapServers(), Policies.RUN);
      try {
        directory = Files.createTempDirectory("console");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return Map.of(
          "kafka.bootstrap.servers", broker.bootstrapServers(),
          "quarkus.http.host", "127.0.0.1",
          "ema.directory", directory.toString(),
          "ema.reset.every", "2",
          "ema.reset.approvals", "1",
          "ema.console.enabled", "true");
    }

    @Override
    public void stop() {
      Objects.requireNonNull(broker).close();
      try {
        DurableFiles.delete(Objects.requireNonNull(directory));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
