package org.elasticreset.rollout;

import io.smallrye.common.annotation.NonBlocking;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.elasticreset.feed.PolicyFollower;
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

  /**
   * Refuses by throwing what cannot be used, which then goes to the dead letters. Waits for
   * nothing, so it needs no worker thread, which a service that stops no longer gets.
   */
  @Incoming("policy-versions")
  @NonBlocking
  void announced(@Nullable PolicyVersion version) {
    if (version == null) {
      return; // a tombstone: compaction forgets a version
    }
    policies.announce(version);
  }
}
