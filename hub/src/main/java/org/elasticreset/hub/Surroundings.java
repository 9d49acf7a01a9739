package org.elasticreset.hub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;

/**
 * What the machine gives, and a test gives otherwise.
 *
 * @param silence longest that a server may say nothing
 */
record Surroundings(
    Pauses pauses, InstantSource clock, Links links, FreeSpace freeSpace, Duration silence) {

  private static final Duration SILENCE = Duration.ofSeconds(30);

  interface Pauses {
    void pause(Duration duration) throws InterruptedException;
  }

  interface Links {
    /**
     * Makes a symbolic link.
     *
     * @throws IOException or UnsupportedOperationException where there are none
     */
    void create(Path link, Path target) throws IOException;
  }

  interface FreeSpace {
    /** Bytes that may still be written below a directory that exists. */
    long bytes(Path directory) throws IOException;
  }

  static Surroundings real() {
    return new Surroundings(
        duration -> Thread.sleep(duration.toMillis()),
        InstantSource.system(),
        (link, target) -> Files.createSymbolicLink(link, target),
        directory -> Files.getFileStore(directory).getUsableSpace(),
        SILENCE);
  }
}
