package org.elasticreset.feed;

import java.nio.ByteBuffer;
import java.util.List;
import org.elasticreset.model.files.TensorShape;

/** What a policy is put into: the weights of a model. */
public interface ReplaceableWeights {

  /** Every tensor that a policy replaces, in the order their bytes travel. */
  List<TensorShape> tensors();

  /** Replaces a piece of the weights: float32 little-endian, {@code offset} in bytes. */
  void write(long offset, ByteBuffer bytes);
}
