package org.elasticreset.rollout;

import io.smallrye.common.annotation.NonBlocking;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.elasticreset.feed.PolicyFollower;
import org.elasticreset.feed.PolicySource;
import org.elasticreset.feed.TracedPolicySource;
import org.elasticreset.proto.v1.PolicyVersion;
import org.elasticreset.tracing.Traceparent;
import org.jspecify.annotations.Nullable;

/** Hears of every policy version, the newest one at the start included. */
@ApplicationScoped
class PolicyAnnouncements {

  private final PolicyFollower policies;
  private final PolicySource source;

  @Inject
  PolicyAnnouncements(PolicyFollower policies, PolicySource source) {
    this.policies = policies;
    this.source = source;
  }

  /**
   * Refuses by throwing what cannot be used, which then goes to the dead letters. Waits for
   * nothing, so it needs no worker thread, which a service that stops no longer gets.
   */
  @Incoming("policy-versions")
  @NonBlocking
  void announced(ConsumerRecord<String, PolicyVersion> record) {
    @Nullable PolicyVersion version = record.value();
    if (version == null) {
      return; // a tombstone: compaction forgets a version
    }
    if (source instanceof TracedPolicySource traced) {
      traced.announced(version.getVersion(), Traceparent.in(record.headers()));
    }
    policies.announce(version);
  }
}
