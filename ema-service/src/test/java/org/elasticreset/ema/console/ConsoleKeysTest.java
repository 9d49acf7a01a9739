package org.elasticreset.ema.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.elasticreset.ema.console.ConsoleKeys.Holder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsoleKeysTest {

  /** SHA-256 of "secret". */
  private static final String DIGEST =
      "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";

  @TempDir Path directory;

  private final Hands clock = new Hands();

  @Test
  void keyHasTheNameAndTheRoleOfItsLineAndARaterHasNone() throws Exception {
    assertThat(keys("# who may\nada operator " + DIGEST).holder("secret"))
        .hasValue(new Holder("ada", true));
    assertThat(keys("eve viewer " + DIGEST).holder("secret")).hasValue(new Holder("eve", false));
    assertThat(keys("bob rater " + DIGEST).holder("secret")).isEmpty();
    assertThat(keys("ada operator " + DIGEST).holder("other")).isEmpty();
  }

  @Test
  void lineThatCannotBeUsedIsNamedAndNotRepeated() {
    assertThatThrownBy(() -> keys("ada operator secret"))
        .hasMessageContaining("ema.console.keys: line 1 of")
        .hasMessageContaining("NAME viewer|operator SHA256")
        .hasMessageNotContaining("secret");
  }

  @Test
  void fileThatChangedCountsWithinASecond() throws Exception {
    var keys = keys("ada operator " + DIGEST);
    write("ada viewer " + DIGEST, 1);
    assertThat(keys.holder("secret")).hasValue(new Holder("ada", true));

    clock.now = clock.now.plusSeconds(1);

    assertThat(keys.holder("secret")).hasValue(new Holder("ada", false));
    write("", 2);
    clock.now = clock.now.plusSeconds(1);
    assertThat(keys.holder("secret")).isEmpty();
  }

  @Test
  void fileThatCannotBeUsedLeavesTheOldKeys() throws Exception {
    var keys = keys("ada operator " + DIGEST);

    write("ada operator", 1);
    clock.now = clock.now.plusSeconds(1);

    assertThat(keys.holder("secret")).isPresent();
    Files.delete(directory.resolve("file.keys"));
    clock.now = clock.now.plusSeconds(1);
    assertThat(keys.holder("secret")).isPresent();
  }

  private ConsoleKeys keys(String text) throws Exception {
    return new ConsoleKeys(write(text, 0), clock);
  }

  /** Times of files are coarse: each writing has one of its own. */
  private Path write(String text, int time) throws Exception {
    Path file = Files.writeString(directory.resolve("file.keys"), text + "\n");
    return Files.setLastModifiedTime(file, FileTime.from(Instant.ofEpochSecond(time)));
  }

  private static final class Hands extends Clock {

    private Instant now = Instant.EPOCH;

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException("instants have no zone");
    }
  }
}
