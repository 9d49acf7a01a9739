package org.elasticreset.reward;

import io.smallrye.common.annotation.NonBlocking;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import org.eclipse.microprofile.reactive.messaging.Incoming;
import org.elasticreset.proto.v1.PolicyVersion;
import org.jspecify.annotations.Nullable;

/** Hears of the receiver's policy versions, where there is one; its channel is closed elsewhere. */
@ApplicationScoped
class ReceiverAnnouncements {

  private final ReceiverStage stage;

  @Inject
  ReceiverAnnouncements(ReceiverStage stage) {
    this.stage = stage;
  }

  /** Refuses by throwing what cannot be used, which then goes to the dead letters. */
  @Incoming("receiver-versions")
  @NonBlocking
  void announced(@Nullable PolicyVersion version) {
    if (version == null) {
      return; // a tombstone: compaction forgets a version
    }
    stage.announced(version);
  }
}
