package org.elasticreset.model.files;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.elasticreset.model.files.SafeTensors.Dtype;

/**
 * A tensor whose values come a chunk at a time: out of a file, out of parameters, out of a
 * computation. So a model of any size passes through a few mebibytes.
 *
 * @param name in the file
 * @param shape sizes, outermost first; empty for a scalar
 * @param dtype of the values that come
 */
public record TensorStream(String name, long[] shape, Dtype dtype, Values values)
    implements NamedShape {

  /** How many bytes those who cut a tensor into chunks put into one. */
  public static final int CHUNK_BYTES = 1 << 20;

  /** Where values come from. */
  public interface Values {
    /** Gives the whole tensor, row-major, from its beginning to its end. */
    void eachChunk(Chunk reader);
  }

  /** Takes a part of a tensor. */
  public interface Chunk {
    /**
     * At {@code offset} bytes of the tensor, little-endian; the buffer is used again afterwards.
     */
    void accept(long offset, ByteBuffer values);
  }

  /** The float32 tensors of {@code parameters}, as they are when they are read. */
  public static List<TensorStream> of(FloatTensors parameters) {
    var streams = new ArrayList<TensorStream>();
    long start = 0;
    for (var tensor : parameters.tensors()) {
      long offset = start;
      long bytes = tensor.count() * Float.BYTES;
      streams.add(
          new TensorStream(
              tensor.name(),
              tensor.shape(),
              Dtype.F32,
              reader -> {
                for (long at = 0; at < bytes; at += CHUNK_BYTES) {
                  int length = (int) Math.min(CHUNK_BYTES, bytes - at);
                  reader.accept(at, parameters.read(offset + at, length));
                }
              }));
      start += bytes;
    }
    return streams;
  }

  /** Of all values. */
  public long bytes() {
    return SafeTensorsHeader.bytes(shape, dtype.bytes());
  }

  public void eachChunk(Chunk reader) {
    values.eachChunk(reader);
  }

  /** The same values, rounded to nearest even if the type is narrower; its own type bit for bit. */
  public TensorStream as(Dtype wanted) {
    if (wanted == dtype) {
      return this;
    }
    if (wanted != Dtype.F32 && dtype != Dtype.F32) {
      return as(Dtype.F32).as(wanted);
    }
    return new TensorStream(
        name,
        shape,
        wanted,
        reader -> {
          var conversion = new Conversion(dtype, wanted);
          eachChunk(
              (offset, chunk) ->
                  reader.accept(
                      offset / dtype.bytes() * wanted.bytes(), conversion.convert(chunk)));
        });
  }

  TensorStream named(String other) {
    return new TensorStream(other, shape, dtype, values);
  }
}
