package org.elasticreset.benchmark;

import java.nio.file.Files;
import java.nio.file.Path;

/** Files of the repository, from wherever in it a benchmark was started. */
final class Repository {

  private Repository() {}

  static Path path(String inside) {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.exists(at.resolve(inside))) {
        return at.resolve(inside);
      }
    }
    throw new IllegalStateException(
        "%s: not in %s or above (expected: a benchmark is started in the repository)"
            .formatted(inside, Path.of("").toAbsolutePath()));
  }
}
