package org.elasticreset.reward.learned;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.elasticreset.checkpoint.DamagedCheckpointException;
import org.elasticreset.proto.v1.RewardModelVersion;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VersionFoldersTest {

  @TempDir Path directory;
  private VersionFolders folders;

  @BeforeEach
  void setUp() {
    folders = new VersionFolders(directory.resolve("learned"));
  }

  private RewardModelVersion placed(long number) throws IOException {
    Path scratch = folders.scratch(number);
    Files.writeString(scratch.resolve("model"), "weights " + number);
    String name = folders.place(number, scratch);
    return RewardModelVersion.newBuilder()
        .setVersion(number)
        .setDirectory(name)
        .setDigest(folders.digest(name))
        .build();
  }

  private List<String> names() throws IOException {
    try (var paths = Files.list(folders.directory())) {
      return paths.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aVersionIsWholeAndNothingIsLeftOfItsMaking() throws Exception {
    RewardModelVersion version = placed(1);

    Path folder = folders.verified(version);

    assertThat(folder.resolve("model")).hasContent("weights 1");
    assertThat(names()).containsExactly(version.getDirectory());
  }

  @Test
  void whatIsDamagedAbsentAnotherOrElsewhereIsRefused() throws Exception {
    RewardModelVersion version = placed(1);
    RewardModelVersion other = placed(2);
    RewardModelVersion.Builder wrong = version.toBuilder();

    assertRefused(wrong.setDirectory(other.getDirectory()), "as announced");
    assertRefused(wrong.setDirectory("version-00000009-0123456789abcdef"), "no such folder");
    assertRefused(wrong.setDirectory("../learned/" + version.getDirectory()), "version-NUMBER");
    Files.writeString(folders.verified(version).resolve("model"), "edited");
    assertRefused(version.toBuilder(), "has digest");
  }

  private void assertRefused(RewardModelVersion.Builder version, String message) {
    assertThatThrownBy(() -> folders.verified(version.build()))
        .isInstanceOf(DamagedCheckpointException.class)
        .hasMessageContaining(message);
  }

  @Test
  void onlyOlderOnesAreDeleted() throws Exception {
    placed(1);
    folders.scratch(2);
    RewardModelVersion kept = placed(2);
    RewardModelVersion ofSuccessor = placed(3);
    Files.createDirectory(folders.directory().resolve("of somebody else"));

    folders.keepOnly(Set.of(kept.getDirectory()), 2);

    assertThat(names())
        .containsExactly("of somebody else", kept.getDirectory(), ofSuccessor.getDirectory());
  }
}
