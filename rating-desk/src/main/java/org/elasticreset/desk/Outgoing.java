package org.elasticreset.desk;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.elasticreset.proto.Untrusted;
import org.jspecify.annotations.Nullable;

/**
 * Something to write.
 *
 * @param topic to which
 * @param value null: a tombstone
 */
record Outgoing(String topic, @Nullable ByteString value) {

  private static final String REASON = "dead-letter-reason";
  private static final String TOPIC = "dead-letter-topic";
  private static final String PARTITION = "dead-letter-partition";
  private static final String OFFSET = "dead-letter-offset";

  byte @Nullable [] bytes() {
    return value == null ? null : value.toByteArray();
  }

  static Record<byte[], Outgoing> of(
      String topic, String key, @Nullable MessageLite message, long millis) {
    return new Record<>(
        key.getBytes(StandardCharsets.UTF_8),
        new Outgoing(topic, message == null ? null : message.toByteString()),
        millis);
  }

  /** A record as it came, with the headers of docs/adr/0003-poison-messages.md. */
  static Record<byte[], Outgoing> deadLetter(
      String topic, Record<byte[], byte[]> record, String reason) {
    put(record.headers(), REASON, Untrusted.shown(reason));
    byte @Nullable [] value = record.value();
    return record.withValue(new Outgoing(topic, value == null ? null : ByteString.copyFrom(value)));
  }

  /** Says where a record came from, for its way through topics of the desk's own. */
  static void putOrigin(Headers headers, RecordMetadata origin) {
    put(headers, TOPIC, origin.topic());
    put(headers, PARTITION, String.valueOf(origin.partition()));
    put(headers, OFFSET, String.valueOf(origin.offset()));
  }

  private static void put(Headers headers, String name, String value) {
    headers.remove(name).add(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
