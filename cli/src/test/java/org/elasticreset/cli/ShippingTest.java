package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.elasticreset.cli.ab.NextStep;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShippingTest {
  @TempDir private Path root;

  @Test
  void commandOfTheVerdictPromotesTheRunThatLeftB() throws Exception {
    RunDirectory run = finishedRun("candidate");
    Path experiment = Files.createDirectory(root.resolve("reviews"));

    NextStep next = Shipping.of(run.policy(), "digest", new RunDirectory(experiment));

    List<String> words = asAShellReads(next.command());
    assertThat(words.get(0)).isEqualTo("./elastic-reset");
    String[] arguments = words.subList(1, words.size()).toArray(String[]::new);
    assertThat(ElasticResetCommand.execute(arguments)).isZero();
    assertThat(experiment.resolve("promoted/model.safetensors")).hasContent("weights");
    assertThat(AuditTrail.read(run.audit()))
        .extracting(line -> line.path("why").asText())
        .containsOnly("ab reviews: ship");
  }

  @Test
  void directoryOfNoRunIsToldFromAPolicyThatCanBePromoted() throws Exception {
    Path policy = Files.createDirectories(root.resolve("candidate/policy"));
    Files.writeString(policy.resolve("model.safetensors"), "weights");

    NextStep next = Shipping.of(policy, "abc123", new RunDirectory(root));

    assertThat(next.command()).isEmpty();
    assertThat(next.toString())
        .contains("B is no run's policy", policy.toString(), "policy_sha256: abc123");
  }

  private RunDirectory finishedRun(String name) throws IOException {
    RunConfig config =
        InstallationFixture.create(root.resolve("installation")).resolve("name=" + name);
    RunDirectory run = RunDirectory.create(root.resolve("it's ours"), name, "preset");
    Files.writeString(run.config(), SettingsText.yaml(config));
    RunSummary.begun(name, "preset", Instant.EPOCH)
        .endedAt(Instant.EPOCH, Duration.ofSeconds(1), RunSummary.FINISHED, "", null)
        .write(run.summary());
    Files.createDirectory(run.policy());
    Files.writeString(run.policy().resolve("model.safetensors"), "weights");
    return run;
  }

  private static List<String> asAShellReads(String command) throws IOException {
    Process shell = new ProcessBuilder("sh", "-c", "printf '%s\\n' " + command).start();
    return List.of(new String(shell.getInputStream().readAllBytes(), "UTF-8").split("\n"));
  }
}
