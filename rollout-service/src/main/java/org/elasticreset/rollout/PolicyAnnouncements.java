package org.elasticreset.rollout;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.elasticreset.proto.v1.PolicyVersion;
import org.jspecify.annotations.Nullable;

/** Hears of every policy version, the newest one at the start included. */
@ApplicationScoped
class PolicyAnnouncements {

  private final PolicyFollower policies;

  @Inject
  PolicyAnnouncements(PolicyFollower policies) {
    this.policies = policies;
  }

  /** Refuses by throwing what cannot be used, which then goes to the dead letters. */
  @Incoming("policy-versions")
  void announced(@Nullable PolicyVersion version) {
    if (version == null) {
      return; // a tombstone: compaction forgets a version
    }
    policies.announce(version);
  }
}
