package org.elasticreset.benchmark;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.elasticreset.broker.KafkaTopics;
import org.elasticreset.broker.LocalBroker;

/**
 * Records as long as a scored rollout from a producer through the broker to a consumer, which do
 * nothing else, in one process: what of a rollout's way Kafka alone would take.
 */
public final class BareHop {

  private static final int BYTES = 700;
  private static final String RUN = "hop";
  private static final String TOPIC = RUN + ".scored-rollouts";
  private static final int PARTITIONS = 8;

  private BareHop() {}

  /**
   * What a hop of so many records took.
   *
   * @param processorSeconds of the process, its broker and both clients
   */
  record Figures(long records, double seconds, double processorSeconds) {}

  /** Takes the number of records, and prints what JSON says of them; as many before, to warm up. */
  public static void main(String... arguments) throws Exception {
    int records = Integer.parseInt(arguments[0]);
    Figures figures = measure(records);
    System.out.printf(
        "{\"rollouts\": %d, \"seconds\": %.6f, \"processorSeconds\": %.6f}%n",
        figures.records(), figures.seconds(), figures.processorSeconds());
  }

  static Figures measure(int records) throws InterruptedException {
    try (LocalBroker broker = LocalBroker.startTemporary()) {
      Map<String, Object> kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
      KafkaTopics.create(kafka, RUN, PARTITIONS);
      hop(kafka, records);
      return hop(kafka, records);
    }
  }

  private static Figures hop(Map<String, Object> kafka, int records) throws InterruptedException {
    try (var producer =
            new KafkaProducer<>(kafka, new StringSerializer(), new ByteArraySerializer());
        var consumer =
            new KafkaConsumer<>(kafka, new StringDeserializer(), new ByteArrayDeserializer())) {
      var partitions =
          IntStream.range(0, PARTITIONS).mapToObj(p -> new TopicPartition(TOPIC, p)).toList();
      consumer.assign(partitions);
      consumer.seekToEnd(partitions);
      partitions.forEach(consumer::position);
      byte[] value = new byte[BYTES];
      new Random(1).nextBytes(value);
      Thread sender =
          new Thread(
              () -> {
                for (int i = 0; i < records; i++) {
                  producer.send(new ProducerRecord<>(TOPIC, "train-1-0/" + i, value));
                }
                producer.flush();
              });
      double processor = processorSeconds();
      long began = System.nanoTime();
      sender.start();
      for (int read = 0; read < records; ) {
        read += consumer.poll(Duration.ofSeconds(1)).count();
      }
      double seconds = (System.nanoTime() - began) / 1e9;
      sender.join();
      return new Figures(records, seconds, processorSeconds() - processor);
    }
  }

  private static double processorSeconds() {
    var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    return system.getProcessCpuTime() / 1e9;
  }
}
