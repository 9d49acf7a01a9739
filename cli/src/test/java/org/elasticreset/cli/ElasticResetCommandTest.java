package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ElasticResetCommandTest {
  @TempDir private Path root;
  private final PrintStream standardOut = System.out;
  private final PrintStream standardError = System.err;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
  private String formerHome = "";

  @BeforeEach
  void capture() throws IOException {
    InstallationFixture.create(root);
    formerHome = System.getProperty("elastic-reset.home", "");
    System.setProperty("elastic-reset.home", root.toString());
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void restore() {
    System.setProperty("elastic-reset.home", formerHome);
    System.setOut(standardOut);
    System.setErr(standardError);
  }

  @Test
  void badInputIsOneLineAndExitCode2AndLeavesNothingBehind() {
    Path runs = root.resolve("runs");

    int exitCode =
        ElasticResetCommand.execute("run", "--runs", runs.toString(), "--set", "ema.decay=1.5");

    assertThat(exitCode).isEqualTo(2);
    assertThat(errors.toString(StandardCharsets.UTF_8))
        .isEqualTo("ema.decay: 1.5 (expected: 0 < decay < 1)" + System.lineSeparator());
    assertThat(runs).doesNotExist();
  }

  @Test
  void unknownOptionIsOneLineAndExitCode2() {
    assertThat(ElasticResetCommand.execute("run", "--stepz", "3")).isEqualTo(2);
    assertThat(errors.toString(StandardCharsets.UTF_8).lines()).hasSize(1);
  }

  @Test
  void folderThatCannotBeWrittenIsOneLine() throws IOException {
    Path file = Files.writeString(root.resolve("file"), "");

    assertThat(ElasticResetCommand.execute("broker", file.resolve("topics").toString()))
        .isEqualTo(1);

    assertThat(errors.toString(StandardCharsets.UTF_8).lines())
        .singleElement()
        .asString()
        .contains(file.toString());
  }

  @Test
  void servicesThatAreNotBuiltAreNamed() {
    int exitCode = ElasticResetCommand.execute("run", "--runs", root.resolve("runs").toString());

    assertThat(exitCode).isEqualTo(2);
    assertThat(errors.toString(StandardCharsets.UTF_8))
        .startsWith("ema-service: " + root.resolve("ema-service/target"))
        .contains("mvn -Dquick -DskipTests package");
    assertThat(root.resolve("runs")).doesNotExist();
  }

  @Test
  void dryRunPrintsTheResolvedSettings() {
    assertThat(ElasticResetCommand.execute("run", "--dry-run", "--steps", "3", "--seed", "5"))
        .isZero();
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("steps: 3\n", "seed: 5\n", "decay: 0.9\n")
        .contains("policy: " + root.resolve("models/gpt"));
  }

  @Test
  void helpNamesTheCommands() {
    assertThat(ElasticResetCommand.execute("--help")).isZero();
    assertThat(out.toString(StandardCharsets.UTF_8)).contains("run ", "report ");
  }
}
