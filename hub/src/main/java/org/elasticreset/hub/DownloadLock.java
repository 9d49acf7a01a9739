package org.elasticreset.hub;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets one thread of one process at a time write a file. The system gives the lock back when the
 * process dies. The lock's file stays: who deletes it takes it from under the next one.
 */
final class DownloadLock implements AutoCloseable {

  /** Threads of this process, whom the system's lock does not part. */
  private static final ConcurrentMap<Path, ReentrantLock> HERE = new ConcurrentHashMap<>();

  private final ReentrantLock here;
  private final FileChannel channel;

  private DownloadLock(ReentrantLock here, FileChannel channel) {
    this.here = here;
    this.channel = channel;
  }

  /**
   * Takes the lock.
   *
   * @param waits is run if someone else has it
   */
  static DownloadLock take(Path file, Runnable waits) throws IOException, InterruptedException {
    Files.createDirectories(file.getParent());
    ReentrantLock here = HERE.computeIfAbsent(file, path -> new ReentrantLock());
    if (!here.tryLock()) {
      waits.run();
      here.lockInterruptibly();
    }
    try {
      return new DownloadLock(here, locked(file, waits));
    } catch (IOException | RuntimeException e) {
      here.unlock();
      throw e;
    }
  }

  private static FileChannel locked(Path file, Runnable waits) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() == null) {
        waits.run();
        channel.lock();
      }
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      here.unlock();
    }
  }
}
