package org.elasticreset.cli.tracking;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * One {@code events.out.tfevents.*}: records, each its length, a checksum of that, the bytes and a
 * checksum of those, little-endian. It is begun, never gone on with: whatever a process died over
 * is at the end of its file, where readers expect a record that is not whole.
 */
final class EventFile implements AutoCloseable {
  private static final String BEGINNING = "events.out.tfevents.";
  private static final int MASK_DELTA = 0xa282ead8;

  private final FileChannel file;

  private EventFile(FileChannel file) {
    this.file = file;
  }

  /**
   * Begins a file that readers take behind all that are there: they go by names, which begin with a
   * time in seconds.
   */
  static EventFile begin(Path folder, Instant now) throws IOException {
    Files.createDirectories(folder);
    long seconds = Math.max(now.getEpochSecond(), newest(folder) + 1);
    Path path =
        folder.resolve(
            BEGINNING
                + "%010d.elastic-reset.%d.0".formatted(seconds, ProcessHandle.current().pid()));
    EventFile file =
        new EventFile(
            FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    file.add(EventBytes.version(now));
    return file;
  }

  /** Whether a folder has event files. */
  static boolean isIn(Path folder) throws IOException {
    return newest(folder) >= 0;
  }

  private static long newest(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return -1;
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(each -> each.getFileName().toString())
          .filter(name -> name.startsWith(BEGINNING))
          .map(name -> name.substring(BEGINNING.length()).split("\\.", 2)[0])
          .filter(time -> time.matches("\\d{1,15}"))
          .mapToLong(Long::parseLong)
          .max()
          .orElse(-1);
    }
  }

  /** Adds a record; readers see it when this returns. */
  void add(byte[] event) throws IOException {
    ByteBuffer record =
        ByteBuffer.allocate(Long.BYTES + Integer.BYTES + event.length + Integer.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    record.putLong(event.length);
    record.putInt(masked(record.array(), 0, Long.BYTES));
    record.put(event);
    record.putInt(masked(event, 0, event.length));
    record.flip();
    while (record.hasRemaining()) {
      file.write(record);
    }
  }

  /** CRC-32C, turned and shifted, so that a checksum of checksums is one of something else. */
  private static int masked(byte[] bytes, int start, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, start, length);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK_DELTA;
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
