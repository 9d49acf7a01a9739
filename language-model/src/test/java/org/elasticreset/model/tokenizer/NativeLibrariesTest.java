package org.elasticreset.model.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.util.Ec2Utils;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibrariesTest {

  private static final String OFFLINE = "ai.djl.offline";
  private static final Path TOKENIZER =
      Path.of("src", "test", "resources", "tokenizers", "smollm2", "tokenizer.json");

  private final String offline = System.getProperty(OFFLINE, "false");

  /** As a user's process is, and unlike the other tests. */
  @BeforeEach
  void goOnline() {
    System.clearProperty(OFFLINE);
  }

  @AfterEach
  void goOffline() {
    System.setProperty(OFFLINE, offline);
  }

  @Test
  void nobodyIsAskedOrToldWhichMachineThisIs() throws ReflectiveOperationException {
    Field lastAsked = Ec2Utils.class.getDeclaredField("lastCheckIn");
    lastAsked.setAccessible(true);
    lastAsked.setLong(null, 0);

    try (var tokenizer = Tokenizer.open(TOKENIZER)) {
      assertThat(tokenizer.size()).isPositive();
    }
    Ec2Utils.callHome("PyTorch");

    assertThat(lastAsked.getLong(null)).isZero();
  }

  @Test
  void tokenizersAreNotFetchedForAGpu() {
    System.clearProperty("RUST_FLAVOR");

    Tokenizer.open(TOKENIZER).close();

    assertThat(System.getProperty("RUST_FLAVOR")).isEqualTo("cpu");
  }

  @Test
  void librariesAreNotUnpackedWhereAnybodyCanPutOthers(@TempDir Path home) {
    Path noHome = home.resolve("none");

    assertThatThrownBy(() -> NativeLibraries.requirePlace(Map.of(), noHome))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("home: " + noHome + " (expected: a directory that can be written,")
        .hasMessageContaining("DJL_CACHE_DIR");
    assertThatCode(() -> NativeLibraries.requirePlace(Map.of(), home)).doesNotThrowAnyException();
    assertThatCode(
            () -> NativeLibraries.requirePlace(Map.of("DJL_CACHE_DIR", "/var/cache/own"), noHome))
        .doesNotThrowAnyException();
  }
}
