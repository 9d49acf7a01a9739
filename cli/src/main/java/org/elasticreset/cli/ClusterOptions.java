package org.elasticreset.cli;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where a run is that no launcher of this machine knows. */
final class ClusterOptions {
  @Option(
      names = "--bootstrap-servers",
      paramLabel = "HOST:PORT",
      description =
          "Follow a run by its topics on this broker, from its beginning to its end; passwords and"
              + " certificates as KAFKA_SASL_… and KAFKA_SSL_….")
  private @Nullable String bootstrapServers;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description =
          "Where its metrics.jsonl and samples.jsonl are made (default: RUN-tracked under --runs).")
  private @Nullable Path output;

  @Option(
      names = "--settings",
      paramLabel = "FILE",
      description =
          "Settings of the run's services, as .properties, to be shown with it. Repeatable.")
  private List<Path> settings = List.of();

  boolean isGiven() {
    return bootstrapServers != null;
  }

  String bootstrapServers() {
    return String.valueOf(bootstrapServers);
  }

  @Nullable Path output() {
    return output;
  }

  /** Every setting by its name. */
  SortedMap<String, String> settings() {
    SortedMap<String, String> all = new TreeMap<>();
    for (Path file : settings) {
      try (Reader text = Files.newBufferedReader(file)) {
        Properties read = new Properties();
        read.load(text);
        read.stringPropertyNames().forEach(name -> all.put(name, read.getProperty(name)));
      } catch (IOException | IllegalArgumentException e) {
        throw InvalidInputException.of("--settings", file, "a file of key=value");
      }
    }
    return all;
  }
}
