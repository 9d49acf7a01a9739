package org.elasticreset.cli.ab;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * The topics of an experiment. They are read from their beginning at every start, and no offset is
 * ever committed: what has been done is what they say.
 */
public final class AbTopics implements AutoCloseable {
  /** Keyed by prompt id: what users ask. */
  public static final String REQUESTS = "requests";

  /** Keyed by prompt id: what they were answered, by whom. */
  public static final String RESPONSES = "responses";

  /** Keyed by prompt id: the user's own metric. */
  public static final String OUTCOMES = "outcomes";

  /** Stages and verdict. */
  public static final String EVENTS = "ab-events";

  static final String SCORED = "scored-rollouts";
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final String name;
  private final KafkaConsumer<String, byte[]> consumer;
  private final KafkaProducer<String, byte[]> producer;
  private final List<Future<RecordMetadata>> underWay = new ArrayList<>();

  /**
   * Opens the topics, which exist.
   *
   * @param client what every client of the broker needs
   * @param name of the experiment
   */
  public AbTopics(Map<String, Object> client, String name) {
    this.name = name;
    Map<String, Object> reading = new HashMap<>(client);
    reading.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    reading.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    consumer = new KafkaConsumer<>(reading, new StringDeserializer(), new ByteArrayDeserializer());
    Map<String, Object> writing = new HashMap<>(client);
    writing.put(ProducerConfig.ACKS_CONFIG, "all");
    writing.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    writing.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 16 << 20);
    producer = new KafkaProducer<>(writing, new StringSerializer(), new ByteArraySerializer());
  }

  /** The topic of an arm's prompts, without the experiment's name. */
  public static String prompts(Arm arm) {
    return "prompts-" + arm.id();
  }

  /** Everything that a topic holds now, in the order of time and then of its partitions. */
  List<ConsumerRecord<String, byte[]>> all(String topic) throws InterruptedException {
    List<TopicPartition> partitions = partitions(topic);
    List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
    try {
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        consumer.poll(POLL).forEach(records::add);
      }
    } catch (InterruptException e) {
      throw interrupted();
    }
    records.sort(Comparator.comparingLong(ConsumerRecord::timestamp));
    return records;
  }

  /** From now on {@link #poll} reads these, from their beginning. */
  void follow(String... topics) {
    List<TopicPartition> partitions = new ArrayList<>();
    for (String topic : topics) {
      partitions.addAll(partitions(topic));
    }
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  /** What came; nothing, if nothing came for a moment. */
  List<ConsumerRecord<String, byte[]>> poll() throws InterruptedException {
    try {
      List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();
      consumer.poll(POLL).forEach(records::add);
      return records;
    } catch (InterruptException e) {
      throw interrupted();
    }
  }

  /** Whether everything that the followed topics hold was polled. */
  boolean isAtEnd() {
    return consumer.endOffsets(consumer.assignment()).entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  /** The name of a record's topic without that of the experiment. */
  String topic(ConsumerRecord<?, ?> record) {
    return record.topic().substring(name.length() + 1);
  }

  /** Sends; {@link #flush} says whether it arrived. */
  void send(String topic, String key, byte[] value, Map<String, String> headers) {
    ProducerRecord<String, byte[]> record = new ProducerRecord<>(name + "." + topic, key, value);
    headers.forEach(
        (header, text) -> record.headers().add(header, text.getBytes(StandardCharsets.UTF_8)));
    underWay.add(producer.send(record));
  }

  /**
   * Waits until the broker has all that was sent.
   *
   * @throws IllegalStateException if it did not take something
   */
  void flush() throws InterruptedException {
    try {
      for (Future<RecordMetadata> each : underWay) {
        each.get();
      }
      underWay.clear();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the broker did not take a record: " + e.getCause(), e);
    }
  }

  static String header(ConsumerRecord<?, ?> record, String header) {
    var found = record.headers().lastHeader(header);
    return found == null || found.value() == null
        ? ""
        : new String(found.value(), StandardCharsets.UTF_8);
  }

  /** A topic that was created a moment ago may not be known to every part of the broker yet. */
  private List<TopicPartition> partitions(String topic) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      List<PartitionInfo> known = consumer.partitionsFor(name + "." + topic);
      if (known != null && !known.isEmpty()) {
        return known.stream()
            .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
            .toList();
      }
    }
    throw new IllegalStateException("the broker does not know topic " + name + "." + topic);
  }

  /** Kafka sets the flag again; one of the two says it. */
  private static InterruptedException interrupted() {
    Thread.interrupted();
    return new InterruptedException();
  }

  @Override
  public void close() {
    consumer.close(Duration.ofSeconds(2));
    producer.close(Duration.ofSeconds(2));
  }
}
