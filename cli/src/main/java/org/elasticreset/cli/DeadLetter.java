package org.elasticreset.cli;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.elasticreset.proto.Untrusted;

/**
 * A message that a service could not use, as SmallRye's headers tell of it; both texts are one
 * harmless line.
 *
 * @param topic that it came from, without the run's name
 * @param reason in the words of the service
 */
record DeadLetter(String topic, String reason) {
  static DeadLetter of(ConsumerRecord<?, ?> record, String runId) {
    String topic = header(record, "dead-letter-topic");
    return new DeadLetter(
        topic.startsWith(runId + ".") ? topic.substring(runId.length() + 1) : topic,
        header(record, "dead-letter-reason"));
  }

  private static String header(ConsumerRecord<?, ?> record, String name) {
    var header = record.headers().lastHeader(name);
    return header == null || header.value() == null
        ? "unknown"
        : Untrusted.shown(new String(header.value(), StandardCharsets.UTF_8));
  }
}
