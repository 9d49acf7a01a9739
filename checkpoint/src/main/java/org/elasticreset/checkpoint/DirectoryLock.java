package org.elasticreset.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps a second process off a directory: one that was thought dead, say, and was only slow. The
 * system gives the lock back when the process dies.
 */
public final class DirectoryLock implements AutoCloseable {

  private final FileChannel file;

  private DirectoryLock(FileChannel file) {
    this.file = file;
  }

  /**
   * Takes the directory, and creates it.
   *
   * @param setting that names it, for the message
   * @throws IOException if another process has it
   */
  public static DirectoryLock take(String setting, Path directory) throws IOException {
    Files.createDirectories(directory);
    var file =
        FileChannel.open(
            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!locks(file)) {
      file.close();
      throw new IOException(
          "%s: %s is in use (expected: by no other process)".formatted(setting, directory));
    }
    return new DirectoryLock(file);
  }

  private static boolean locks(FileChannel file) throws IOException {
    try {
      return file.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
