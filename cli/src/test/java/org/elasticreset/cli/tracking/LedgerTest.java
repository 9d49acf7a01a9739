package org.elasticreset.cli.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerTest {
  @TempDir private Path folder;

  @Test
  void isWhatItWasWhenItIsOpenedAgain() throws IOException {
    Path path = folder.resolve("deep/ledger.txt");
    try (Ledger ledger = Ledger.open(path)) {
      ledger.note("the run there");
      ledger.add(List.of("a", "b", "c"));
      ledger.keep(2);
      ledger.add(List.of("d"));
    }
    try (Ledger ledger = Ledger.open(path)) {
      assertThat(ledger.note()).isEqualTo("the run there");
      assertThat(ledger.size()).isEqualTo(3);
      assertThat(ledger.has(1, "b")).isTrue();
      assertThat(ledger.has(2, "d")).isTrue();
      assertThat(ledger.has(3, "d")).isFalse();
    }
  }

  @Test
  void lineThatAProcessDiedOverIsForgotten() throws IOException {
    Path path = folder.resolve("ledger.txt");
    try (Ledger ledger = Ledger.open(path)) {
      ledger.add(List.of("a"));
    }
    Files.writeString(path, "half", StandardOpenOption.APPEND);
    try (Ledger ledger = Ledger.open(path)) {
      assertThat(ledger.size()).isEqualTo(1);
      ledger.add(List.of("b"));
    }
    assertThat(path).hasContent("\na\nb\n");
  }

  @Test
  void isHeldByOneAtATime() {
    Path path = folder.resolve("ledger.txt");
    try (Ledger ledger = Ledger.open(path)) {
      assertThat(ledger.size()).isZero();
      assertThatThrownBy(() -> Ledger.open(path))
          .isInstanceOf(RefusedException.class)
          .hasMessageContaining("another process sends this run there");
    }
  }

  @Test
  void isHeldAgainstAnotherProcess() throws Exception {
    Path path = folder.resolve("ledger.txt");
    try (Ledger ledger = Ledger.open(path)) {
      ledger.add(List.of("one"));
    }
    try (Ledger ledger = Ledger.open(path)) {
      assertThat(ledger.size()).isEqualTo(1);
      assertThat(another(path)).isEqualTo(REFUSED);
    }
    assertThat(another(path)).isZero();
  }

  private static final int REFUSED = 7;

  private static int another(Path path) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            Another.class.getName(),
            path.toString())
        .inheritIO()
        .start()
        .waitFor();
  }

  /** The ledger is wanted by a process of its own. */
  static final class Another {
    public static void main(String[] arguments) {
      try (Ledger ledger = Ledger.open(Path.of(arguments[0]))) {
        System.exit(ledger.size() == 1 ? 0 : 1);
      } catch (RefusedException e) {
        System.exit(REFUSED);
      }
    }
  }
}
