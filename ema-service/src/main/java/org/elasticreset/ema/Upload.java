package org.elasticreset.ema;

import java.security.MessageDigest;
import java.util.Optional;
import java.util.OptionalDouble;
import org.elasticreset.algorithm.EvaluatedPolicy;
import org.elasticreset.algorithm.UpdateObserved;
import org.elasticreset.checkpoint.Sha256;
import org.elasticreset.proto.v1.EvaluationFigures;
import org.elasticreset.proto.v1.Update;
import org.elasticreset.proto.v1.WeightsChunk;

/**
 * The weights of one update while they arrive. Nothing outside sees them before they are complete
 * and finite.
 */
final class Upload {

  /** Largest piece of weights on the wire. */
  static final int CHUNK_BYTES = 1 << 20;

  private final Update header;
  private final Weights weights;
  private final MessageDigest digest = Sha256.begin();
  private long received;

  /**
   * Starts an upload.
   *
   * @param weights buffer to fill, of the policy's size
   */
  Upload(Update header, Weights weights) {
    this.header = header;
    this.weights = weights;
  }

  /**
   * A header, as the one who decides on resets sees it.
   *
   * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT if it says what cannot be
   */
  static UpdateObserved observed(Update header) {
    if (header.getCheckpoint() && !header.getPublish()) {
      throw refused("checkpoint: true (expected: only with publish)");
    }
    try {
      return new UpdateObserved(
          header.getStep(),
          header.getPublish(),
          header.hasKlToInitialNats()
              ? OptionalDouble.of(header.getKlToInitialNats())
              : OptionalDouble.empty(),
          header.hasRewardMean()
              ? OptionalDouble.of(header.getRewardMean())
              : OptionalDouble.empty(),
          header.hasEvaluation()
              ? Optional.of(evaluated(header.getEvaluation()))
              : Optional.empty());
    } catch (IllegalArgumentException e) {
      throw Refusals.invalid(e);
    }
  }

  private static EvaluatedPolicy evaluated(EvaluationFigures figures) {
    return new EvaluatedPolicy(
        figures.getStep(),
        figures.getRewardMean(),
        figures.getRewardStandardError(),
        figures.getKlToInitialNats(),
        figures.getKlStandardError());
  }

  Update header() {
    return header;
  }

  /**
   * Takes the next piece.
   *
   * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT if it is not the next, or too large
   */
  void add(WeightsChunk chunk) {
    int length = chunk.getData().size();
    if (chunk.getOffset() != received) {
      throw refused(
          "offset of a chunk: %s (expected: %d)",
          Long.toUnsignedString(chunk.getOffset()), received);
    }
    if (length == 0 || length > CHUNK_BYTES) {
      throw refused("size of a chunk: %d bytes (expected: 1 to %d)", length, CHUNK_BYTES);
    }
    if (length > weights.size() - received) {
      throw refused(
          "size of the weights: at least %d bytes (expected: %d, as open_run said)",
          received + length, weights.size());
    }
    weights.write(received, chunk.getData());
    if (header.getPublish()) {
      chunk.getData().asReadOnlyByteBufferList().forEach(digest::update);
    }
    received += length;
  }

  /** The buffer being filled. */
  Weights buffer() {
    return weights;
  }

  boolean isComplete() {
    return received == weights.size();
  }

  /** How far it got, in words. */
  String progress() {
    return "%d of %d bytes of the update of step %d"
        .formatted(received, weights.size(), header.getStep());
  }

  /** SHA-256 of the complete weights of a published update; once. */
  byte[] digest() {
    return digest.digest();
  }

  /**
   * The complete weights.
   *
   * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT if one is NaN or infinite
   */
  Weights finite(PolicyLayout layout) {
    var offset = weights.firstNotFinite();
    if (offset.isPresent()) {
      throw refused(
          "weight %s of step %d: %s (expected: finite)",
          layout.nameAt(offset.getAsLong()), header.getStep(), weights.get(offset.getAsLong()));
    }
    return weights;
  }

  private static RuntimeException refused(String message, Object... values) {
    return Refusals.invalid(message, values);
  }
}
