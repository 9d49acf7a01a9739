package org.elasticreset.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * The arithmetic of benchmarks/run-all, by its own tests. The build needs no Python: they are
 * skipped without one.
 */
class HarnessTest {

  @Test
  void harnessPassesItsOwnTests() throws Exception {
    assumeTrue(hasPython(), "python3 is not on the PATH");

    var test =
        new ProcessBuilder(
                "python3", Repository.path("benchmarks/run-all").toString(), "--self-test")
            .redirectErrorStream(true)
            .start();
    var said = new String(test.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(test.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(test.exitValue()).as(said).isZero();
    assertThat(said).contains("OK").doesNotContain("Ran 0 tests");
  }

  private static boolean hasPython() {
    return Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, "python3")));
  }
}
