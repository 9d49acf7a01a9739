package org.elasticreset.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Held by the launcher for the life of a run, so that no second one works on it. The operating
 * system lets it go however the launcher ends.
 */
final class RunLock implements AutoCloseable {
  private static final String FILE = "launcher.lock";

  private final FileChannel file;

  private RunLock(FileChannel file) {
    this.file = file;
  }

  /**
   * Takes the lock of a run.
   *
   * @throws InvalidInputException if another process has it
   */
  static RunLock take(RunDirectory run) {
    return take(run.state(), "RUN", run.path(), "a run");
  }

  /**
   * Takes the lock of any folder that one launcher works on.
   *
   * @param folder where the lock's file lies
   * @param key what the user called it by
   * @param what it is
   */
  static RunLock take(Path folder, String key, Path shown, String what) {
    Path path = folder.resolve(FILE);
    try {
      FileChannel file =
          FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (isFree(file)) {
        file.truncate(0);
        file.write(ByteBuffer.wrap(pid().getBytes(StandardCharsets.US_ASCII)));
        return new RunLock(file);
      }
      file.close();
      throw InvalidInputException.of(
          key,
          shown,
          what + " that is not under way; process " + Files.readString(path).strip() + " runs it");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the process that took the lock of a run last is there; who asks takes nothing. */
  static boolean isTakerAlive(RunDirectory run) {
    try {
      String pid = Files.readString(run.state().resolve(FILE)).strip();
      return pid.isEmpty() || ProcessHandle.of(Long.parseLong(pid)).isPresent();
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isFree(FileChannel file) throws IOException {
    try {
      return file.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private static String pid() {
    return ProcessHandle.current().pid() + "\n";
  }

  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
