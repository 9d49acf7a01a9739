package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SimulatedServicesTest {

  @TempDir private Path root;

  @ParameterizedTest
  @ValueSource(
      strings = {"ema-service", "learner-service", "reward-service-1", "rollout-service-1"})
  void simulationIsTracedAsARunIs(String process) throws Exception {
    Installation installation = Installation.current();
    SimulateOptions options = new SimulateOptions();
    RunConfig config =
        SimulatedServices.config(
            installation, options, 5, 1, 0, List.of("tracing.otlp=http://127.0.0.1:4317"));
    RunDirectory directory = RunDirectory.create(root, "traced", "simulation");
    directory.createFolders();

    SimulatedServices.prepare(installation, directory, options, config, "127.0.0.1:9092").specs();

    Path file = directory.scratch().resolve(process).resolve("service.properties");
    Properties settings = new Properties();
    settings.load(new StringReader(Files.readString(file)));
    assertThat(settings)
        .containsEntry("quarkus.otel.sdk.disabled", "false")
        .containsEntry("quarkus.otel.resource.attributes", "service.instance.id=" + process);
  }
}
