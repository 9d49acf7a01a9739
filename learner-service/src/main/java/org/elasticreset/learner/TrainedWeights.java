package org.elasticreset.learner;

import java.nio.ByteBuffer;
import org.elasticreset.feed.ReplaceableWeights;

/** The policy's float32 weights as one concatenation of little-endian bytes. */
interface TrainedWeights extends ReplaceableWeights {

  /** Length of the concatenation in bytes. */
  long totalBytes();

  /** A view of the weights as they are now; must be used up before they change. */
  ByteBuffer read(long offset, int length);

  /** SHA-256 of the concatenation. */
  byte[] digest();
}
