package org.elasticreset.rollout;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.elasticreset.proto.v1.PolicyVersion;

/** Hears of every policy version, the newest one at the start included. */
@ApplicationScoped
class PolicyAnnouncements {

  private final PolicyFollower policies;

  @Inject
  PolicyAnnouncements(PolicyFollower policies) {
    this.policies = policies;
  }

  @Incoming("policy-versions")
  void announced(PolicyVersion version) {
    policies.announce(version);
  }
}
