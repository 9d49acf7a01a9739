package org.elasticreset.ema;

import com.google.protobuf.ByteString;
import org.elasticreset.proto.v1.OpenRun;
import org.elasticreset.proto.v1.Resume;

/**
 * What a learner has to say to open the run.
 *
 * @param runId the one run of this service
 * @param maxPolicyBytes largest policy
 */
record RunStart(String runId, long maxPolicyBytes) {

  private static final int DIGEST_BYTES = 32;

  /** Refuses another run than this service's. */
  void require(String asked) {
    if (!asked.equals(runId)) {
      throw Refusals.invalid("run-id: %s (expected: %s)", asked, runId);
    }
  }

  /** Refuses what could not be this run, or no run at all; before anything is allocated. */
  PolicyLayout require(OpenRun request) {
    require(request.getRunId());
    PolicyLayout layout;
    try {
      layout = new PolicyLayout(request.getTensorsList());
    } catch (IllegalArgumentException e) {
      throw Refusals.invalid(e);
    }
    if (layout.totalBytes() > maxPolicyBytes) {
      throw Refusals.invalid(
          "tensors: %d bytes in all (expected: at most %d, ema.max-policy-bytes)",
          layout.totalBytes(), maxPolicyBytes);
    }
    requireDigest("initial_digest", request.getInitialDigest());
    if (request.hasResume()) {
      requireDigest("resume.digest", request.getResume().getDigest());
    }
    return layout;
  }

  /** Refuses a start from other weights than the run's. */
  void requireSame(OpenRun begun, OpenRun request) {
    var difference = new PolicyLayout(request.getTensorsList()).difference(layout(begun));
    if (difference.isPresent()) {
      throw Refusals.precondition("%s, as run %s began with".formatted(difference.get(), runId));
    }
    if (!request.getInitialDigest().equals(begun.getInitialDigest())) {
      throw Refusals.precondition(
          "initial_digest: other initial weights than run %s began with (expected: the same, or another run-id)"
              .formatted(runId));
    }
  }

  /** Refuses a version that was never given: then this is not the directory that gave it. */
  void requireKnown(Resume point, long highest) {
    if (Long.compareUnsigned(point.getVersion(), highest) > 0) {
      throw Refusals.precondition(
          "resume from version %s (expected: at most %d, the highest of run %s)"
              .formatted(Long.toUnsignedString(point.getVersion()), highest, runId));
    }
  }

  /** The tensors of a run that was opened. */
  static PolicyLayout layout(OpenRun opened) {
    return new PolicyLayout(opened.getTensorsList());
  }

  private static void requireDigest(String name, ByteString digest) {
    if (digest.size() != DIGEST_BYTES) {
      throw Refusals.invalid("%s: %d bytes (expected: the 32 of a SHA-256)", name, digest.size());
    }
  }
}
