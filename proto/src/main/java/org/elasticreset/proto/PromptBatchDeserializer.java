package org.elasticreset.proto;

import org.elasticreset.proto.v1.PromptBatch;

/** Reads the topic {@code prompts}. */
public final class PromptBatchDeserializer extends ProtobufDeserializer<PromptBatch> {

  public PromptBatchDeserializer() {
    super(PromptBatch.class, PromptBatch.parser());
  }
}
