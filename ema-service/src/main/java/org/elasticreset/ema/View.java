package org.elasticreset.ema;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.elasticreset.algorithm.ElasticReset;
import org.elasticreset.algorithm.ElasticReset.Proposal;
import org.elasticreset.algorithm.ExponentialAverage;
import org.elasticreset.algorithm.ResetTarget;
import org.elasticreset.proto.v1.PolicyVersion;
import org.elasticreset.proto.v1.ResetTo;
import org.elasticreset.proto.v1.Status;

/**
 * Where the run stands and what is served, at one moment.
 *
 * @param reset counters behind the newest update, whether its version is served or held
 * @param policies served ones, newest first; empty before the initial policy is released
 * @param held the version that waits for its release
 */
record View(
    ElasticReset.State reset, List<PublishedPolicy> policies, Optional<PolicyVersion> held) {

  View {
    policies = List.copyOf(policies);
  }

  static View empty() {
    return new View(ElasticReset.State.initial(), List.of(), Optional.empty());
  }

  Optional<PublishedPolicy> newest() {
    return policies.stream().findFirst();
  }

  /** Number of the newest served version; 0 if there is none. */
  long version() {
    return newest().map(policy -> policy.version().getVersion()).orElse(0L);
  }

  /** The policy that {@link #reset} is of, held or served; without a number before the first. */
  PolicyVersion standing() {
    return held.or(() -> newest().map(PublishedPolicy::version))
        .orElseGet(() -> PolicyVersion.newBuilder().setResetEpoch(reset.resetEpoch()).build());
  }

  /** Where the run stands, in the words of the contract. */
  Status.Builder status(String runId, ExponentialAverage average, ElasticReset elasticReset) {
    var status =
        Status.newBuilder()
            .setUpdates(reset.updates())
            .setUpdatesSinceReset(reset.updatesSinceReset())
            .setDecay(average.decay())
            .setInitialShare(average.initialShare(reset.updatesSinceReset()))
            .setTrigger(elasticReset.trigger().description())
            .setResetTo(
                elasticReset.to() == ResetTarget.AVERAGE
                    ? ResetTo.RESET_TO_AVERAGE
                    : ResetTo.RESET_TO_INITIAL)
            .setResetRequested(reset.request().isPresent())
            .setProposedReset(reset.proposal().map(Proposal::reason).orElse(""))
            .setApprovalsNeeded(elasticReset.approvals())
            .setHeldVersion(heldVersion());
    reset
        .proposal()
        .ifPresent(
            proposal -> proposal.approvals().forEach(by -> status.addApprovedBy(by.requestedBy())));
    newest().ifPresent(policy -> status.setRunId(runId).setNewest(policy.version()));
    return status;
  }

  /** Number of the version that is held; 0 if none is. */
  long heldVersion() {
    return held.map(PolicyVersion::getVersion).orElse(0L);
  }

  View counted(ElasticReset.State counted) {
    return new View(counted, policies, held);
  }

  View holding(ElasticReset.State counted, PolicyVersion version) {
    return new View(counted, policies, Optional.of(version));
  }

  View holdingNothing() {
    return new View(reset, policies, Optional.empty());
  }

  /** Serves one more policy, unless it is served already, and nothing above it. */
  View serving(ElasticReset.State counted, PublishedPolicy policy, int keep) {
    long version = policy.version().getVersion();
    var older = policies.stream().filter(kept -> kept.version().getVersion() < version);
    return new View(
        counted, Stream.concat(Stream.of(policy), older).limit(keep).toList(), Optional.empty());
  }
}
