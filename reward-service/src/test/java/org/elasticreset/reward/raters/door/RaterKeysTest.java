package org.elasticreset.reward.raters.door;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.elasticreset.reward.raters.door.RaterKeys.Caller;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RaterKeysTest {

  /** {@code printf secret | sha256sum}. */
  private static final String OF_SECRET =
      "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";

  @TempDir Path directory;

  @Test
  void knowsWhoseKeyItIs() throws Exception {
    RaterKeys keys = keys("# raters\n\nann rater " + OF_SECRET + "\n");

    assertThat(keys.caller("secret")).contains(new Caller("ann", "rater"));
    assertThat(keys.caller("another")).isEmpty();
    assertThat(keys.caller("")).isEmpty();
    assertThat(keys.caller(OF_SECRET)).isEmpty();
  }

  @Test
  void readsTheFileAgainWhenItChangedAndNeverWhileSomebodyWaits() throws Exception {
    Path file = file("ann rater " + OF_SECRET + "\n");
    var keys = new RaterKeys(Optional.of(file));

    change(file, "# nobody any more\n");
    assertThat(keys.caller("secret")).as("callers are event loops").isPresent();
    keys.refresh();

    assertThat(keys.caller("secret")).isEmpty();
  }

  @Test
  void looksAfterTheFileByItself() throws Exception {
    Path file = file("ann rater " + OF_SECRET + "\n");
    try (var keys = new RaterKeys(Optional.of(file)).watched()) {
      change(file, "# nobody any more\n");

      long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
      while (keys.caller("secret").isPresent()) {
        assertThat(System.nanoTime()).isLessThan(end);
        Thread.sleep(50);
      }
    }
  }

  @Test
  void keepsTheOldKeysWhileTheFileCannotBeUsed() throws Exception {
    Path file = file("ann rater " + OF_SECRET + "\n");
    var keys = new RaterKeys(Optional.of(file));

    change(file, "half a li");
    keys.refresh();
    Files.delete(file);
    keys.refresh();

    assertThat(keys.caller("secret")).isPresent();
  }

  private static void change(Path file, String text) throws Exception {
    Files.writeString(file, text);
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(10)));
  }

  @Test
  void refusesALineThatItCannotUseWithoutRepeatingIt() {
    assertThatThrownBy(() -> keys("ann rater my-actual-key\n"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("reward.raters.keys: line 1 of ")
        .hasMessageNotContaining("my-actual-key");
    assertThatThrownBy(() -> keys("ann admin " + OF_SECRET))
        .hasMessageContaining("NAME rater|operator SHA256");
    assertThatThrownBy(() -> keys("a\u202enn rater " + OF_SECRET))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void nobodyHasAKeyWithoutAFile() {
    assertThat(new RaterKeys(Optional.empty()).caller("secret")).isEmpty();
  }

  private RaterKeys keys(String text) throws Exception {
    return new RaterKeys(Optional.of(file(text)));
  }

  private Path file(String text) throws Exception {
    return Files.writeString(directory.resolve("raters.keys"), text);
  }
}
