package org.elasticreset.ema;

import io.opentelemetry.context.Context;
import io.smallrye.reactive.messaging.MutinyEmitter;
import io.smallrye.reactive.messaging.TracingMetadata;
import io.smallrye.reactive.messaging.kafka.Record;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.reactive.messaging.Channel;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.elasticreset.proto.v1.PolicyVersion;

/**
 * The topic {@code policy-versions}, keyed by run. A broker that is away is waited for, but not by
 * the learner: prompts name the version they need, and workers fetch it whether they heard of it or
 * not.
 */
@ApplicationScoped
class KafkaAnnouncements implements Announcements {

  private final MutinyEmitter<Record<String, PolicyVersion>> policyVersions;

  KafkaAnnouncements(
      @Channel("policy-versions") MutinyEmitter<Record<String, PolicyVersion>> policyVersions) {
    this.policyVersions = policyVersions;
  }

  @Override
  public void announce(PolicyVersion version) {
    policyVersions.sendMessageAndForget(
        Message.of(Record.of(version.getRunId(), version))
            .addMetadata(TracingMetadata.withCurrent(Context.current())));
  }
}
