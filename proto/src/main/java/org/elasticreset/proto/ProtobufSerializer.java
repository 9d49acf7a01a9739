package org.elasticreset.proto;

import com.google.protobuf.MessageLite;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes any message of the contract as its protobuf bytes; {@code null}, a tombstone, as itself.
 */
public final class ProtobufSerializer implements Serializer<MessageLite> {

  @Override
  public byte @Nullable [] serialize(String topic, @Nullable MessageLite message) {
    return message == null ? null : message.toByteArray();
  }
}
