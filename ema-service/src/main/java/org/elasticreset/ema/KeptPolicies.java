package org.elasticreset.ema;

import java.io.IOException;
import java.util.Optional;
import org.elasticreset.checkpoint.DamagedCheckpointException;
import org.elasticreset.proto.v1.AverageSnapshot;
import org.elasticreset.proto.v1.PolicyVersion;
import org.jboss.logging.Logger;

/**
 * Versions that are no longer in memory, out of their snapshots: a policy that masks others is
 * asked for as long as the learner keeps its step, by workers that were not there when it was the
 * newest. One of them is in memory at a time.
 */
final class KeptPolicies {

  private static final Logger LOG = Logger.getLogger(KeptPolicies.class);

  private final Snapshots snapshots;
  private Optional<PublishedPolicy> last = Optional.empty();

  KeptPolicies(Snapshots snapshots) {
    this.snapshots = snapshots;
  }

  /**
   * The policy that was served as a version; empty if no intact snapshot is of it.
   *
   * @param highest version ever served: above it are versions that nobody may know of yet
   */
  synchronized Optional<PublishedPolicy> find(long version, long highest) {
    if (version > highest) {
      return Optional.empty();
    }
    if (last.stream().noneMatch(policy -> policy.version().getVersion() == version)) {
      try {
        last = read(version);
      } catch (IOException | DamagedCheckpointException e) {
        LOG.warnf("version not read from its snapshot version=%d reason=\"%s\"", version, e);
        return Optional.empty();
      }
    }
    return last;
  }

  private Optional<PublishedPolicy> read(long version)
      throws IOException, DamagedCheckpointException {
    var run = snapshots.run();
    if (run.isEmpty()) {
      return Optional.empty();
    }
    for (long step : snapshots.steps()) {
      var state = snapshots.state(step);
      if (state.getPolicyVersion() == version) {
        var layout = RunStart.layout(run.get());
        var weights = snapshots.policy(state, layout);
        return Optional.of(new PublishedPolicy(version(state), layout, weights, Optional.empty()));
      }
    }
    return Optional.empty();
  }

  private static PolicyVersion version(AverageSnapshot state) {
    return PolicyVersion.newBuilder()
        .setRunId(state.getRunId())
        .setVersion(state.getPolicyVersion())
        .setResetEpoch(state.getResetEpoch())
        .setStep(state.getStep())
        .setDigest(state.getPolicyDigest())
        .build();
  }
}
