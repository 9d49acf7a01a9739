package org.elasticreset.cli.tracking;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a file that somebody writes to, from a place on; one without its end is not read.
 */
final class WholeLines {
  private static final int BUFFER_BYTES = 1 << 16;

  private final FileChannel file;
  private long position;
  private byte[] buffer = new byte[0];
  private int taken;

  WholeLines(FileChannel file, long position) {
    this.file = file;
    this.position = position;
  }

  /** The next line with its end; null if there is none yet. */
  byte @Nullable [] next() throws IOException {
    int searched = taken;
    while (true) {
      for (int i = searched; i < buffer.length; i++) {
        if (buffer[i] == '\n') {
          byte[] line = Arrays.copyOfRange(buffer, taken, i + 1);
          taken = i + 1;
          return line;
        }
      }
      searched = buffer.length - taken;
      if (!readMore()) {
        return null;
      }
    }
  }

  private boolean readMore() throws IOException {
    byte[] rest = Arrays.copyOfRange(buffer, taken, buffer.length);
    ByteBuffer more = ByteBuffer.allocate(rest.length + BUFFER_BYTES).put(rest);
    int count = file.read(more, position);
    position += Math.max(0, count);
    buffer = Arrays.copyOf(more.array(), more.position());
    taken = 0;
    return count > 0;
  }
}
