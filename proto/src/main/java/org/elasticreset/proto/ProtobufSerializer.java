package org.elasticreset.proto;

import com.google.protobuf.MessageLite;
import org.apache.kafka.common.serialization.Serializer;

/** Writes any message of the contract as its protobuf bytes. */
public final class ProtobufSerializer implements Serializer<MessageLite> {

  @Override
  public byte[] serialize(String topic, MessageLite message) {
    return message.toByteArray();
  }
}
