package org.elasticreset.checkpoint;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockTest {

  @TempDir Path temp;

  @Test
  void directoryIsOneProcessAtATime() throws Exception {
    var directory = temp.resolve("averages");
    try (var first = DirectoryLock.take("ema.directory", directory)) {
      assertThatThrownBy(() -> DirectoryLock.take("ema.directory", directory))
          .isInstanceOf(IOException.class)
          .hasMessage("ema.directory: %s is in use (expected: by no other process)", directory);
    }

    DirectoryLock.take("ema.directory", directory).close();
  }
}
