package org.elasticreset.model.files;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A file of any size, read through mappings of at most a gibibyte.
 *
 * <p>Bytes are copied out, a chunk at a time: who shortens a file takes away the memory under its
 * mapping, which is an exception in the copying of the JVM and the end of the process in the native
 * code of the engine. A file that has become shorter is refused. For one thread.
 */
final class MappedFile implements AutoCloseable {

  private static final long WINDOW = 1L << 30;

  private final Path path;
  private final FileChannel channel;
  private final long size;
  private final long windowSize;
  private @Nullable MappedByteBuffer window;
  private long windowStart;

  /** {@code windowSize} is for tests. */
  MappedFile(Path path, FileChannel channel, long windowSize) throws IOException {
    this.path = path;
    this.channel = channel;
    this.size = channel.size();
    this.windowSize = windowSize;
  }

  static MappedFile open(Path path) {
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new ModelFormatException(path, "not a file (expected: tensors as safetensors)");
    }
    try {
      return new MappedFile(path, FileChannel.open(path, StandardOpenOption.READ), WINDOW);
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
    long at = offset;
    try {
      requireStillThere(what, offset, bytes.remaining());
      while (bytes.hasRemaining()) {
        at += copy(at, bytes);
      }
      // Cut since the check, copies are zeros; and an error of theirs comes by the next system
      // call.
      requireStillThere(what, offset, (int) (at - offset));
    } catch (IOException e) {
      throw new ModelFormatException(path, "%s: offset %d: %s".formatted(what, offset, e), e);
    } catch (InternalError e) {
      // How the JVM reports, some time later, that a mapping lost its memory.
      throw new ModelFormatException(
          path, "%s: offset %d: truncated while it was read".formatted(what, offset), e);
    }
  }

  private void requireStillThere(String what, long offset, int length) throws IOException {
    long now = channel.size();
    if (offset + length > now) {
      throw new ModelFormatException(
          path,
          "%s: offset %d: truncated while it was read, to %d bytes (expected: %d)"
              .formatted(what, offset, now, size));
    }
  }

  /** Copies as much as one window has. */
  private int copy(long offset, ByteBuffer bytes) throws IOException {
    var window = window(offset);
    int from = (int) (offset - windowStart);
    int length = Math.min(bytes.remaining(), window.capacity() - from);
    bytes.put(bytes.position(), window, from, length);
    bytes.position(bytes.position() + length);
    return length;
  }

  private MappedByteBuffer window(long offset) throws IOException {
    long start = offset / windowSize * windowSize;
    var current = window;
    if (current == null || start != windowStart) {
      current =
          channel.map(FileChannel.MapMode.READ_ONLY, start, Math.min(windowSize, size - start));
      window = current;
      windowStart = start;
    }
    return current;
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
        MappedFile.this.read(what, at, ByteBuffer.wrap(bytes, from, count));
        at += count;
        return count;
      }
    };
  }

  /** The mappings last until the collector finds them. */
  @Override
  public void close() {
    window = null;
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("closing " + path, e);
    }
  }
}
