package org.elasticreset.ema;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockTest {

  @TempDir Path temp;

  @Test
  void directoryIsOneServicesAtATime() throws Exception {
    var directory = temp.resolve("averages");
    try (var first = DirectoryLock.take(directory)) {
      assertThatThrownBy(() -> DirectoryLock.take(directory))
          .isInstanceOf(IOException.class)
          .hasMessage("ema.directory: %s is in use (expected: by no other ema-service)", directory);
    }

    DirectoryLock.take(directory).close();
  }
}
