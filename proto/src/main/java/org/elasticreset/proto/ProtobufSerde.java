package org.elasticreset.proto;

import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;

/**
 * Reads and writes one kind of message, as Kafka Streams wants it: for its stores and topics.
 *
 * @param <T> the message
 */
public final class ProtobufSerde<T extends MessageLite> implements Serde<T> {

  private final ProtobufSerializer serializer = new ProtobufSerializer();
  private final Deserializer<T> deserializer;

  /** Of the class of a message, and its parser. */
  public ProtobufSerde(Class<T> message, Parser<T> parser) {
    this.deserializer = new ProtobufDeserializer<>(message, parser) {};
  }

  @Override
  public Serializer<T> serializer() {
    return serializer::serialize;
  }

  @Override
  public Deserializer<T> deserializer() {
    return deserializer;
  }
}
