package org.elasticreset.proto;

import org.elasticreset.proto.v1.TrainingEvent;

/** Reads the topic {@code training-events}. */
public final class TrainingEventDeserializer extends ProtobufDeserializer<TrainingEvent> {

  public TrainingEventDeserializer() {
    super(TrainingEvent.class, TrainingEvent.parser());
  }
}
