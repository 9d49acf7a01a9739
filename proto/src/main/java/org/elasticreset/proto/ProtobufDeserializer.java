package org.elasticreset.proto;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads one kind of message. Fields that a newer writer added are kept, not refused; a tombstone
 * stays {@code null}.
 *
 * <p>Bytes that are no such message are a {@link SerializationException} in words for people. What
 * a channel then does with the record is its own configuration: {@code
 * docs/adr/0003-poison-messages.md}.
 *
 * @param <T> the message
 */
abstract class ProtobufDeserializer<T extends MessageLite> implements Deserializer<T> {

  /** As large as Kafka lets a record be; a larger one comes from a broker that is set otherwise. */
  static final int MAX_BYTES = 16 << 20;

  private final Parser<T> parser;
  private final String name;

  ProtobufDeserializer(Class<T> message, Parser<T> parser) {
    this.parser = parser;
    this.name = message.getSimpleName();
  }

  @Override
  public @Nullable T deserialize(String topic, byte @Nullable [] bytes) {
    if (bytes == null) {
      return null;
    }
    if (bytes.length > MAX_BYTES) {
      throw new SerializationException(
          "record on %s: %d bytes (expected: at most %d)"
              .formatted(topic, bytes.length, MAX_BYTES));
    }
    try {
      return parser.parseFrom(bytes);
    } catch (InvalidProtocolBufferException e) {
      throw new SerializationException(
          "record on %s: %d bytes (expected: a %s of elasticreset.v1; %s)"
              .formatted(topic, bytes.length, name, e.getMessage()),
          e);
    }
  }
}
