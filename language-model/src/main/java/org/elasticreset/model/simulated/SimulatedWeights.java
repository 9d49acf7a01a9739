package org.elasticreset.model.simulated;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.List;
import org.elasticreset.checkpoint.Sha256;
import org.elasticreset.model.files.TensorShape;

/**
 * As many float32 weights as are asked for, outside the heap, which are uploaded, averaged and
 * fetched like those of a model. The first one, the drift, begins as 0 and tells how far they are
 * from the initial ones.
 */
public final class SimulatedWeights {

  /** Bytes of one buffer; whole chunks of what travels fit into it. */
  private static final int SEGMENT = 1 << 30;

  /** Floats from one that training moves to the next. */
  private static final int STRIDE = 1024;

  private final long parameters;
  private final ByteBuffer[] segments;

  /**
   * Those that a run begins with.
   *
   * @param parameters at least 1
   */
  public SimulatedWeights(long parameters) {
    this.parameters = parameters;
    this.segments = new ByteBuffer[(int) ((totalBytes() + SEGMENT - 1) / SEGMENT)];
    for (int i = 0; i < segments.length; i++) {
      long size = Math.min(SEGMENT, totalBytes() - (long) i * SEGMENT);
      segments[i] = ByteBuffer.allocateDirect((int) size).order(ByteOrder.LITTLE_ENDIAN);
      for (int at = 0; at < segments[i].capacity(); at += Float.BYTES) {
        segments[i].putFloat(at, (at % 4093) / 4093f);
      }
    }
    segments[0].putFloat(0, 0);
  }

  /** One tensor of that many weights. */
  public static List<TensorShape> tensors(long parameters) {
    return List.of(new TensorShape("simulated", new long[] {parameters}));
  }

  /** Length in bytes. */
  public long totalBytes() {
    return parameters * Float.BYTES;
  }

  /** A view, or a copy where it would cross two buffers; little-endian. */
  public ByteBuffer read(long offset, int length) {
    int segment = (int) (offset / SEGMENT);
    int at = (int) (offset % SEGMENT);
    if (at + (long) length <= segments[segment].capacity()) {
      return segments[segment].slice(at, length).order(ByteOrder.LITTLE_ENDIAN);
    }
    int first = segments[segment].capacity() - at;
    return ByteBuffer.allocate(length)
        .put(read(offset, first))
        .put(read(offset + first, length - first))
        .flip()
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Replaces a piece. */
  public void write(long offset, ByteBuffer bytes) {
    int segment = (int) (offset / SEGMENT);
    int at = (int) (offset % SEGMENT);
    int first = Math.min(bytes.remaining(), segments[segment].capacity() - at);
    segments[segment].put(at, bytes, bytes.position(), first);
    if (first < bytes.remaining()) {
      write(offset + first, bytes.slice(bytes.position() + first, bytes.remaining() - first));
    }
  }

  /** SHA-256 of all of them. */
  public byte[] digest() {
    MessageDigest digest = Sha256.begin();
    for (ByteBuffer segment : segments) {
      digest.update(segment.duplicate());
    }
    return digest.digest();
  }

  /** How far they are from the initial ones. */
  public float drift() {
    return segments[0].getFloat(0);
  }

  /** An optimizer step: moves the first weight, and one of every 1024, so that all pages change. */
  public void move(float by) {
    for (ByteBuffer segment : segments) {
      for (long at = 0; at < segment.capacity(); at += (long) STRIDE * Float.BYTES) {
        segment.putFloat((int) at, segment.getFloat((int) at) + by);
      }
    }
  }

  /** Becomes what another one of the same length is. */
  public void copyFrom(SimulatedWeights other) {
    for (int i = 0; i < segments.length; i++) {
      segments[i].put(0, other.segments[i], 0, segments[i].capacity());
    }
  }

  /** Writes them into a new file. */
  public void save(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (ByteBuffer segment : segments) {
        ByteBuffer rest = segment.duplicate();
        while (rest.hasRemaining()) {
          channel.write(rest);
        }
      }
    }
  }

  /** Reads what {@link #save} wrote. */
  public void load(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() != totalBytes()) {
        throw new IOException(
            "%s has %d bytes (expected: %d)".formatted(file, channel.size(), totalBytes()));
      }
      for (ByteBuffer segment : segments) {
        ByteBuffer rest = segment.duplicate();
        while (rest.hasRemaining()) {
          channel.read(rest);
        }
      }
    }
  }
}
