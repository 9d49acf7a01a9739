package org.elasticreset.ema;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.util.List;
import org.elasticreset.checkpoint.DamagedCheckpointException;
import org.elasticreset.proto.v1.OpenRun;
import org.elasticreset.proto.v1.Resume;

/** How a learner may open the run: what its request has to say, and where the run can go on. */
final class RunStart {

  private static final int DIGEST_BYTES = 32;

  /**
   * Beside those that are served: θ₀, θ̄ and an upload or what was held of one; and policy, θ̄ and
   * θ₀ of a snapshot, which are read before the others are let go, lest a damaged one cost the run.
   */
  private static final int POLICIES_IN_MEMORY = 7;

  private final String runId;
  private final long maxPolicyBytes;
  private final int policiesInMemory;

  RunStart(EmaSettings settings) {
    runId = settings.runId();
    maxPolicyBytes = settings.maxPolicyBytes();
    policiesInMemory =
        POLICIES_IN_MEMORY + settings.keepVersions() * (settings.serveAverages() ? 2 : 1);
  }

  /** The one run of this service. */
  String runId() {
    return runId;
  }

  /** Refuses another run than this service's. */
  void require(String asked) {
    if (!asked.equals(runId)) {
      throw Refusals.invalid("run-id: %s (expected: %s)", asked, runId);
    }
  }

  /** Refuses what could not be this run, or no run at all; before anything is allocated. */
  PolicyLayout require(OpenRun request) {
    require(request.getRunId());
    var layout = layout(request);
    long bytes = layout.totalBytes();
    if (bytes > maxPolicyBytes) {
      throw Refusals.invalid(
          "tensors: %d bytes in all (expected: at most %d, ema.max-policy-bytes)",
          bytes, maxPolicyBytes);
    }
    long memory = Runtime.getRuntime().maxMemory();
    if (bytes > memory / policiesInMemory) {
      throw Refusals.exhausted(
          "tensors: %d bytes in all, of which the memory of the ema-service has to hold %d"
              + " (expected: at most %d bytes, or a larger heap than %d)",
          bytes, policiesInMemory, memory / policiesInMemory, memory);
    }
    requireDigest("initial_digest", request.getInitialDigest());
    if (request.hasResume()) {
      requireDigest("resume.digest", request.getResume().getDigest());
    }
    return layout;
  }

  /**
   * Where the run goes on.
   *
   * @param inMemory whether what is in memory is whole
   * @throws io.grpc.StatusRuntimeException FAILED_PRECONDITION where it cannot, saying what is held
   */
  StartingPoint point(OpenRun request, VersionLog log, boolean inMemory, Snapshots snapshots)
      throws IOException {
    if (!request.hasResume()) {
      requireUntrained(request, log, snapshots);
      return new StartingPoint.Beginning();
    }
    var point = request.getResume();
    var begun = snapshots.run();
    if (begun.isEmpty()) {
      throw Refusals.resume(point, "the run has not begun here", List.of());
    }
    requireSame(begun.get(), request);
    if (inMemory && log.standsAt(point)) {
      requireKnown(point, log.stands().orElseThrow().getVersion());
      return new StartingPoint.InMemory();
    }
    try {
      var layout = layout(request);
      var snapshot = snapshots.read(point.getStep(), layout);
      if (!snapshot.state().getPolicyDigest().equals(point.getDigest())) {
        throw new DamagedCheckpointException("the snapshot of that step has other weights");
      }
      requireKnown(point, Math.max(log.highest(), snapshot.state().getPolicyVersion()));
      return new StartingPoint.OnDisk(snapshot, snapshots.initial(request, layout));
    } catch (DamagedCheckpointException e) {
      throw Refusals.resume(point, String.valueOf(e.getMessage()), snapshots.steps());
    }
  }

  /** Without a point to go on from a run can only begin, and nothing that was learnt is dropped. */
  private void requireUntrained(OpenRun request, VersionLog log, Snapshots snapshots)
      throws IOException {
    if (log.served().isPresent()) {
      requireSame(snapshots.run().orElseThrow(), request);
    }
    var steps = snapshots.steps();
    long furthest = Math.max(log.furthestStep(), steps.stream().findFirst().orElse(0L));
    if (furthest > 0) {
      throw Refusals.precondition(
          "open_run without resume: run %s is behind step %d (expected: resume, held: snapshots of steps %s; or another run-id)"
              .formatted(runId, furthest, steps));
    }
  }

  private void requireSame(OpenRun begun, OpenRun request) {
    var difference = layout(request).difference(layout(begun));
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
  private void requireKnown(Resume point, long highest) {
    if (Long.compareUnsigned(point.getVersion(), highest) > 0) {
      throw Refusals.precondition(
          "resume from version %s (expected: at most %d, the highest of run %s)"
              .formatted(Long.toUnsignedString(point.getVersion()), highest, runId));
    }
  }

  /** The tensors of a run. */
  static PolicyLayout layout(OpenRun run) {
    try {
      return new PolicyLayout(run.getTensorsList());
    } catch (IllegalArgumentException e) {
      throw Refusals.invalid(e);
    }
  }

  private static void requireDigest(String name, ByteString digest) {
    if (digest.size() != DIGEST_BYTES) {
      throw Refusals.invalid("%s: %d bytes (expected: the 32 of a SHA-256)", name, digest.size());
    }
  }
}
