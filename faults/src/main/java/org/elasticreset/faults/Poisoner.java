package org.elasticreset.faults;

import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** Someone with a producer and no scruples. */
final class Poisoner implements AutoCloseable {
  private static final int LIMIT = 120_000_000;

  private final String runId;
  private final KafkaProducer<String, byte[]> producer;
  private final KafkaProducer<String, byte[]> compressing;

  Poisoner(String bootstrapServers, String runId) {
    this.runId = runId;
    this.producer = producer(bootstrapServers, "none");
    this.compressing = producer(bootstrapServers, "gzip");
  }

  private static KafkaProducer<String, byte[]> producer(String bootstrapServers, String codec) {
    return new KafkaProducer<>(
        Map.of(
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
            false,
            ProducerConfig.RETRIES_CONFIG,
            0,
            ProducerConfig.COMPRESSION_TYPE_CONFIG,
            codec,
            ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
            LIMIT,
            ProducerConfig.BUFFER_MEMORY_CONFIG,
            2L * LIMIT),
        new StringSerializer(),
        new ByteArraySerializer());
  }

  /** True if the broker took the record. */
  boolean plant(Poison poison) throws InterruptedException {
    var record = new ProducerRecord<>(runId + "." + poison.topic(), poison.key(), poison.value());
    try {
      (poison.kind().equals(Poison.COMPRESSED) ? compressing : producer).send(record).get();
      return true;
    } catch (ExecutionException e) {
      // A request that is larger still is not read: the broker hangs up.
      if (e.getCause() instanceof RecordTooLargeException
          || e.getCause() instanceof NetworkException) {
        return false;
      }
      throw new FaultyRunException("could not plant " + poison.key(), e);
    }
  }

  @Override
  public void close() {
    producer.close();
    compressing.close();
  }
}
