package org.elasticreset.ema;

import com.google.protobuf.ByteString;
import java.util.Optional;
import org.elasticreset.proto.v1.AverageSnapshot;
import org.elasticreset.proto.v1.PolicyVersion;
import org.elasticreset.proto.v1.Resume;

/**
 * Which versions there were and where updates go on: decisions without weights, files or threads.
 *
 * <p>Numbers go up by one, and one that was ever served never names other weights. So a version
 * that is held has the number above all served ones, and gives it back if it is discarded; going
 * back behind served versions publishes the old weights under a new number.
 *
 * @param served the highest version ever served, in this life of the service or an earlier one
 * @param stands the policy that the next update follows: the newest published one, held or served.
 *     Empty where the learner has to say first from where it goes on.
 * @param tickedStep step of the updates since then that were not published; 0 if there were none
 */
record VersionLog(Optional<PolicyVersion> served, Optional<PolicyVersion> stands, long tickedStep) {

  /** Of a run that never served anything. */
  static VersionLog empty() {
    return new VersionLog(Optional.empty(), Optional.empty(), 0);
  }

  /** Number of the highest version ever served; 0 if there is none. */
  long highest() {
    return served.map(PolicyVersion::getVersion).orElse(0L);
  }

  /** The furthest step that a version came out of; 0 before the first. */
  long furthestStep() {
    return Math.max(
        served.map(PolicyVersion::getStep).orElse(0L),
        stands.map(PolicyVersion::getStep).orElse(0L));
  }

  /** Number of the version that waits for its release; 0 if none does. */
  long held() {
    return stands.map(PolicyVersion::getVersion).filter(version -> version > highest()).orElse(0L);
  }

  /** The version that follows. */
  PolicyVersion next(String runId, long step, long resetEpoch, ByteString digest) {
    return PolicyVersion.newBuilder()
        .setRunId(runId)
        .setVersion(highest() + 1)
        .setResetEpoch(resetEpoch)
        .setStep(step)
        .setDigest(digest)
        .build();
  }

  /** An update was taken that publishes nothing. */
  VersionLog ticked(long step) {
    return new VersionLog(served, stands, step);
  }

  /** A version has its number; nobody sees it yet. */
  VersionLog held(PolicyVersion version) {
    return new VersionLog(served, Optional.of(version), 0);
  }

  /** A version is served; updates follow it. */
  VersionLog served(PolicyVersion version) {
    return new VersionLog(Optional.of(version), Optional.of(version), 0);
  }

  /** The average is in no state to go on from. What was served stays so. */
  VersionLog lost() {
    return new VersionLog(served, Optional.empty(), 0);
  }

  /** Whether updates can follow that point with what is in memory. */
  boolean standsAt(Resume point) {
    return tickedStep == 0
        && stands
            .filter(
                policy ->
                    policy.getStep() == point.getStep()
                        && policy.getDigest().equals(point.getDigest()))
            .isPresent();
  }

  /**
   * The version under which the policy of a snapshot is served from now on: its own if it was held
   * or is the highest; else a new one, with an epoch that is not below any served one.
   */
  PolicyVersion wentBackTo(AverageSnapshot snapshot) {
    var wasHeld = snapshot.getPolicyVersion() > highest();
    return served
        .filter(highest -> isOf(snapshot, highest))
        .orElseGet(
            () ->
                PolicyVersion.newBuilder()
                    .setRunId(snapshot.getRunId())
                    .setVersion(wasHeld ? snapshot.getPolicyVersion() : highest() + 1)
                    .setResetEpoch(
                        Math.max(
                            snapshot.getResetEpoch(),
                            served.map(PolicyVersion::getResetEpoch).orElse(0L)))
                    .setStep(snapshot.getStep())
                    .setDigest(snapshot.getPolicyDigest())
                    .build());
  }

  /** The version under which the policy of a snapshot was served before; empty if it was not. */
  Optional<PolicyVersion> servedAs(AverageSnapshot snapshot) {
    if (served.isPresent() && isOf(snapshot, served.get())) {
      return served;
    }
    return snapshot.getPolicyVersion() < highest()
        ? Optional.of(
            PolicyVersion.newBuilder()
                .setRunId(snapshot.getRunId())
                .setVersion(snapshot.getPolicyVersion())
                .setResetEpoch(snapshot.getResetEpoch())
                .setStep(snapshot.getStep())
                .setDigest(snapshot.getPolicyDigest())
                .build())
        : Optional.empty();
  }

  /** Why an update of this step cannot follow, in words. */
  Optional<String> refusalOfUpdate(long step, boolean publish) {
    if (held() > 0) {
      return Optional.of(
          "update of step %d while version %d is held (expected: release of step %d first)"
              .formatted(step, held(), stands.orElseThrow().getStep()));
    }
    if (stands.isEmpty()) {
      return step == 0 && publish
          ? Optional.empty()
          : Optional.of(
              "update of step %s (expected: the initial policy first, as a published update of step 0)"
                  .formatted(Long.toUnsignedString(step)));
    }
    var policy = stands.get();
    if (step <= policy.getStep()) {
      return Optional.of(
          "update of step %d (expected: a step above %d, which version %d came out of)"
              .formatted(step, policy.getStep(), policy.getVersion()));
    }
    return step < tickedStep
        ? Optional.of(
            "update of step %d (expected: step %d or a later one, as the update before it)"
                .formatted(step, tickedStep))
        : Optional.empty();
  }

  /** Why the release of a step cannot be, in words. */
  Optional<String> refusalOfRelease(long step) {
    if (stands.isPresent() && stands.get().getStep() == step) {
      return Optional.empty();
    }
    return Optional.of(
        held() > 0
            ? "release of step %s (expected: step %d, whose version %d is held)"
                .formatted(Long.toUnsignedString(step), stands.orElseThrow().getStep(), held())
            : "release of step %s (expected: of an update that was answered with held; none is)"
                .formatted(Long.toUnsignedString(step)));
  }

  private static boolean isOf(AverageSnapshot snapshot, PolicyVersion version) {
    return version.getStep() == snapshot.getStep()
        && version.getDigest().equals(snapshot.getPolicyDigest());
  }
}
