package org.elasticreset.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** A text file that lines are added to, and taken back from. */
final class LineFile implements AutoCloseable {
  private final FileChannel file;

  private LineFile(FileChannel file) {
    this.file = file;
  }

  /** A file without a line; what it held before is gone. */
  static LineFile empty(Path path) {
    try {
      return new LineFile(
          FileChannel.open(
              path,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds a line, whole. */
  void append(byte[] line) throws IOException {
    byte[] ended = Arrays.copyOf(line, line.length + 1);
    ended[line.length] = '\n';
    ByteBuffer bytes = ByteBuffer.wrap(ended);
    while (bytes.hasRemaining()) {
      file.write(bytes);
    }
  }

  /** Bytes of all lines. */
  long length() throws IOException {
    return file.position();
  }

  /** Takes back every line behind the first {@code length} bytes. */
  void truncate(long length) throws IOException {
    file.truncate(length);
    file.position(length);
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
