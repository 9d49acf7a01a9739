package org.elasticreset.model.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;

/**
 * A file of any size that is to stay as it was when it was opened, read by offsets.
 *
 * <p>Bytes are copied out, a chunk at a time, and never mapped: who shortens a file takes away the
 * memory under its mapping, of which the JVM tells at some later point in other code, if at all. A
 * file that has become shorter is refused.
 */
final class StableFile implements AutoCloseable {

  private final Path path;
  private final FileChannel channel;
  private final long size;

  private StableFile(Path path, FileChannel channel) throws IOException {
    this.path = path;
    this.channel = channel;
    this.size = channel.size();
  }

  static StableFile open(Path path) {
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new ModelFormatException(path, "not a file (expected: tensors as safetensors)");
    }
    try {
      return new StableFile(path, FileChannel.open(path, StandardOpenOption.READ));
    } catch (NoSuchFileException e) {
      throw new ModelFormatException(path, "no such file (expected: tensors as safetensors)");
    } catch (IOException e) {
      throw new ModelFormatException(path, "cannot be read: " + e, e);
    }
  }

  Path path() {
    return path;
  }

  /** As it was when the file was opened. */
  long size() {
    return size;
  }

  /**
   * Fills a buffer from its position to its limit.
   *
   * @param what is read, for the complaint
   * @param offset in the file, from which on it has as many bytes
   * @throws ModelFormatException if the file has become shorter, or cannot be read
   */
  void read(String what, long offset, ByteBuffer bytes) {
    Objects.checkFromIndexSize(offset, bytes.remaining(), size);
    try {
      for (long at = offset; bytes.hasRemaining(); ) {
        int count = channel.read(bytes, at);
        if (count < 0) {
          throw new ModelFormatException(
              path,
              "%s: offset %d: truncated while it was read, to %d bytes (expected: %d)"
                  .formatted(what, offset, channel.size(), size));
        }
        at += count;
      }
    } catch (IOException e) {
      throw new ModelFormatException(path, "%s: offset %d: %s".formatted(what, offset, e), e);
    }
  }

  /** A part of the file, read as it is wanted. */
  InputStream stream(String what, long offset, long length) {
    return new InputStream() {
      private long at = offset;

      @Override
      public int read() {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] bytes, int from, int wanted) {
        int count = (int) Math.min(wanted, offset + length - at);
        if (count <= 0 && wanted > 0) {
          return -1;
        }
        StableFile.this.read(what, at, ByteBuffer.wrap(bytes, from, count));
        at += count;
        return count;
      }
    };
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("closing " + path, e);
    }
  }
}
