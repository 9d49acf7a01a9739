package org.elasticreset.ema;

import java.util.Optional;
import org.elasticreset.algorithm.ElasticReset;
import org.elasticreset.algorithm.ElasticReset.Proposal;
import org.elasticreset.algorithm.ResetRequest;
import org.elasticreset.proto.v1.AverageSnapshot;
import org.elasticreset.proto.v1.PolicyVersion;

/**
 * The ema-service behind a step: its half of a pair.
 *
 * @param state step, version and counters
 * @param policy the policy of that step
 * @param average θ̄ after that step's update (and reset)
 */
record Snapshot(AverageSnapshot state, Weights policy, Weights average) {

  static Snapshot of(
      PolicyVersion version, ElasticReset.State reset, Weights policy, Weights average) {
    return new Snapshot(
        AverageSnapshot.newBuilder()
            .setRunId(version.getRunId())
            .setStep(version.getStep())
            .setPolicyVersion(version.getVersion())
            .setResetEpoch(reset.resetEpoch())
            .setPolicyDigest(version.getDigest())
            .setUpdates(reset.updates())
            .setUpdatesSinceReset(reset.updatesSinceReset())
            .setProposedReset(reset.proposal().map(Proposal::reason).orElse(""))
            .setUpdatesSinceDecision(reset.updatesSinceDecision())
            .setTriggerMemory(TriggerMemories.message(reset.memory()))
            .build(),
        policy,
        average);
  }

  /**
   * The counters.
   *
   * @param resetEpoch of the version that the policy is served as
   * @param request an operator's request that is still to be met
   */
  ElasticReset.State reset(long resetEpoch, Optional<ResetRequest> request) {
    return new ElasticReset.State(
        state.getUpdates(),
        state.getUpdatesSinceReset(),
        resetEpoch,
        request,
        Optional.of(state.getProposedReset())
            .filter(reason -> !reason.isEmpty())
            .map(Proposal::new),
        state.hasUpdatesSinceDecision()
            ? state.getUpdatesSinceDecision()
            : state.getUpdatesSinceReset(),
        TriggerMemories.of(state.getTriggerMemory()));
  }
}
