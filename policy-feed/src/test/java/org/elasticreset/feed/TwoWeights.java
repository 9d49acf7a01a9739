package org.elasticreset.feed;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.elasticreset.model.files.TensorShape;

/** A model of two weights. */
final class TwoWeights implements ReplaceableWeights {

  private final float[] weights = new float[2];

  @Override
  public List<TensorShape> tensors() {
    return List.of(new TensorShape("w", new long[] {2}));
  }

  @Override
  public synchronized void write(long offset, ByteBuffer bytes) {
    ByteBuffer values = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    for (int i = (int) offset / Float.BYTES; values.hasRemaining(); i++) {
      weights[i] = values.getFloat();
    }
  }

  synchronized float weight(int i) {
    return weights[i];
  }
}
