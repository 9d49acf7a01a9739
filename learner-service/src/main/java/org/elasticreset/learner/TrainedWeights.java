package org.elasticreset.learner;

import java.nio.ByteBuffer;
import java.util.List;
import org.elasticreset.model.files.TensorShape;

/** The policy's float32 weights as one concatenation of little-endian bytes. */
interface TrainedWeights {

  /** Every tensor, in the order in which their bytes are concatenated. */
  List<TensorShape> tensors();

  /** Length of the concatenation in bytes. */
  long totalBytes();

  /** A view of the weights as they are now; must be used up before they change. */
  ByteBuffer read(long offset, int length);

  /** Replaces the weights from {@code offset} on. */
  void write(long offset, ByteBuffer bytes);

  /** SHA-256 of the concatenation. */
  byte[] digest();
}
