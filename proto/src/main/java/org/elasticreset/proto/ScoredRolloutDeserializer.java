package org.elasticreset.proto;

import org.elasticreset.proto.v1.ScoredRollout;

/** Reads the topic {@code scored-rollouts}. */
public final class ScoredRolloutDeserializer extends ProtobufDeserializer<ScoredRollout> {

  public ScoredRolloutDeserializer() {
    super(ScoredRollout.class, ScoredRollout.parser());
  }
}
