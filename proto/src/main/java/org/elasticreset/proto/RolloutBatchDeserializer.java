package org.elasticreset.proto;

import org.elasticreset.proto.v1.RolloutBatch;

/** Reads the topic {@code rollouts}. */
public final class RolloutBatchDeserializer extends ProtobufDeserializer<RolloutBatch> {

  public RolloutBatchDeserializer() {
    super(RolloutBatch.class, RolloutBatch.parser());
  }
}
