package org.elasticreset.ema;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.util.Optional;
import org.elasticreset.proto.v1.PolicyVersion;

/**
 * A policy that workers may fetch.
 *
 * @param version what was or will be announced
 * @param layout its tensors
 * @param weights never written again
 * @param average θ̄ behind it, where averages are served
 */
record PublishedPolicy(
    PolicyVersion version, PolicyLayout layout, Weights weights, Optional<Average> average) {

  /**
   * θ̄ as it stood behind a version.
   *
   * @param weights a copy of its own, never written again
   * @param digest SHA-256 of them
   */
  record Average(Weights weights, ByteString digest) {

    static Average copyOf(Weights average) {
      var copy = average.copy();
      return new Average(copy, UnsafeByteOperations.unsafeWrap(copy.digest()));
    }
  }
}
