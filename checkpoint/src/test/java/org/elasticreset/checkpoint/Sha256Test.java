package org.elasticreset.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Sha256Test {

  /** Of "abc", FIPS 180-4. */
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @TempDir private Path root;

  @Test
  void textAndFileHaveTheDigestOfTheStandard() throws Exception {
    Path file = Files.writeString(root.resolve("file"), "abc");

    assertThat(Sha256.of("abc")).isEqualTo(ABC);
    assertThat(Sha256.of(file)).isEqualTo(ABC);
    assertThat(Sha256.begin().digest("abc".getBytes(StandardCharsets.UTF_8)))
        .asHexString()
        .isEqualToIgnoringCase(ABC);
  }

  @Test
  void fileThatIsLongerThanTheBufferIsReadToItsEnd() throws Exception {
    String text = "0123456789".repeat(20_000);

    assertThat(Sha256.of(Files.writeString(root.resolve("file"), text)))
        .isEqualTo(Sha256.of(text))
        .isNotEqualTo(Sha256.of(text.substring(1)));
  }
}
