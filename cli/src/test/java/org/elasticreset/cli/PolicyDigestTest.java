package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyDigestTest {
  @TempDir private Path policy;

  @BeforeEach
  void write() throws Exception {
    Files.writeString(policy.resolve("model.safetensors"), "weights");
    Files.writeString(policy.resolve("config.json"), "{}");
  }

  @Test
  void shellFindsTheSame() throws Exception {
    Process shell =
        new ProcessBuilder("sh", "-c", "sha256sum config.json model.safetensors | sha256sum")
            .directory(policy.toFile())
            .start();

    assertThat(new String(shell.getInputStream().readAllBytes(), "US-ASCII"))
        .isEqualTo(PolicyDigest.of(policy).sha256() + "  -\n");
  }

  @Test
  void everyFileCountsButTheNoteOfAPromotion() throws Exception {
    String before = PolicyDigest.of(policy).sha256();

    Files.writeString(policy.resolve("promotion.json"), "{}");
    assertThat(PolicyDigest.of(policy).sha256()).isEqualTo(before);
    Files.writeString(policy.resolve("config.json"), "{ }");
    assertThat(PolicyDigest.of(policy).sha256()).isNotEqualTo(before);
  }
}
