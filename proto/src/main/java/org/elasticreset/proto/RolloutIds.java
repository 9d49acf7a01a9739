package org.elasticreset.proto;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.elasticreset.checkpoint.Sha256;

/** Ids of rollouts, {@code <batch id>/<index in the batch>}, and what is derived from them. */
public final class RolloutIds {

  private static final IndexedId INDEXED =
      new IndexedId('/', "rollout id", "<batch id>/<index>, like train-12-0/3");

  private RolloutIds() {}

  /** Id of a rollout: {@code train-12-0/3}. */
  public static String of(String batchId, int index) {
    if (batchId.isEmpty() || batchId.indexOf('/') >= 0) {
      throw new IllegalArgumentException(
          "batch id: '%s' (expected: not empty and without '/')".formatted(batchId));
    }
    if (index < 0) {
      throw new IllegalArgumentException(
          "rollout index: %d (expected: at least 0)".formatted(index));
    }
    return batchId + "/" + index;
  }

  /** The batch that a rollout belongs to. */
  public static String batchId(String rolloutId) {
    return INDEXED.head(rolloutId);
  }

  /** The place of a rollout in its batch, from 0. */
  public static int index(String rolloutId) {
    return INDEXED.index(rolloutId);
  }

  /**
   * Seed of the uniform numbers that draw a rollout's tokens: a hash of the run's seed and the
   * rollout's id, so that a prompt that is delivered twice, to whichever worker, draws the same
   * tokens, and no two rollouts share a stream.
   *
   * @return the first eight bytes, big-endian, of SHA-256 over the run seed (eight bytes,
   *     big-endian) and the id in UTF-8
   */
  public static long seed(long runSeed, String rolloutId) {
    var sha = Sha256.begin();
    sha.update(ByteBuffer.allocate(Long.BYTES).putLong(0, runSeed));
    sha.update(rolloutId.getBytes(StandardCharsets.UTF_8));
    return ByteBuffer.wrap(sha.digest()).getLong();
  }
}
