package org.elasticreset.rollout;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalInt;
import org.elasticreset.model.Generation;
import org.elasticreset.model.GenerationRequest;
import org.elasticreset.model.Sampling;
import org.elasticreset.model.TensorShape;

/**
 * A language model whose weights can be replaced. One thread at a time; a call of {@link #write}
 * never overlaps {@link #generate}.
 */
interface PolicyModel extends AutoCloseable {

  int[] encode(String text);

  String decode(int[] tokens);

  /** The token that stands for the beginning of a text, if the vocabulary has one. */
  OptionalInt endOfText();

  /** Number of token ids. */
  int vocabularySize();

  /** Most tokens of prompt and response together. */
  int positions();

  /** Every tensor that a policy replaces, in the order their bytes travel. */
  List<TensorShape> tensors();

  /** Replaces a piece of the weights: float32 little-endian, {@code offset} in bytes. */
  void write(long offset, ByteBuffer bytes);

  /** One batch in one call; answers in the order of the requests. */
  List<Generation> generate(List<GenerationRequest> requests, Sampling sampling);

  @Override
  void close();
}
