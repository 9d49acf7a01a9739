package org.elasticreset.desk;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.LogAndContinueExceptionHandler;
import org.elasticreset.proto.ProtobufSerializer;
import org.elasticreset.proto.v1.RatingCase;
import org.jboss.logging.Logger;

/** The desk over a broker, from its start to its close. Any number may run for one run. */
public final class RatingDesk implements RatingCases, AutoCloseable {

  private static final Logger LOG = Logger.getLogger(RatingDesk.class);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);

  /** A case is as large as its topic lets it be, and so is a dead letter. */
  private static final String LARGEST_RECORD = String.valueOf(16 << 20);

  /** A broker that is away, to be upgraded say, is waited for. */
  private static final String DELIVERY_TIMEOUT_MILLIS = "3600000";

  private final DeskTopics topics;
  private final CaseCheck check;
  private final KafkaStreams streams;
  private final KafkaProducer<String, RatingCase> cases;
  private final DeskFailures failures;

  private RatingDesk(
      DeskSettings settings,
      KafkaStreams streams,
      KafkaProducer<String, RatingCase> cases,
      DeskFailures failures) {
    this.topics = new DeskTopics(settings.runId());
    this.check = new CaseCheck(settings.runId());
    this.streams = streams;
    this.cases = cases;
    this.failures = failures;
  }

  /**
   * Starts a desk. Its topics are there already; those that Kafka Streams needs besides, it makes.
   *
   * @param client settings of a client of Kafka: bootstrap servers, and what they ask for
   * @throws IllegalStateException if Kafka cannot tell of {@code rating-cases}
   */
  public static RatingDesk start(DeskSettings settings, Map<String, ?> client) {
    Map<String, Object> kafka = new HashMap<>(client);
    int partitions = partitions(new DeskTopics(settings.runId()).cases(), kafka);
    var streams = new KafkaStreams(DeskTopology.of(settings, partitions), streams(settings, kafka));
    var failures = DeskFailures.ofThreads();
    streams.setUncaughtExceptionHandler(failures);
    streams.start();
    return new RatingDesk(settings, streams, producer(kafka), failures);
  }

  private static int partitions(String topic, Map<String, Object> client) {
    try (var admin = Admin.create(client)) {
      var described = admin.describeTopics(List.of(topic)).allTopicNames().get();
      return described.values().iterator().next().partitions().size();
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "topic %s: %s (expected: a topic as deploy/kafka/topics.yaml declares it)"
              .formatted(topic, e.getMessage()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted before the rating desk was started", e);
    }
  }

  private static Properties streams(DeskSettings settings, Map<String, Object> client) {
    var streams = new Properties();
    streams.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
    streams.putAll(client);
    streams.put(
        StreamsConfig.APPLICATION_ID_CONFIG, new DeskTopics(settings.runId()).applicationId());
    streams.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    // Of what the desk itself wrote, and of training events, which others report.
    streams.put(
        StreamsConfig.DESERIALIZATION_EXCEPTION_HANDLER_CLASS_CONFIG,
        LogAndContinueExceptionHandler.class);
    streams.put(
        StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), LARGEST_RECORD);
    streams.put(StreamsConfig.topicPrefix(TopicConfig.MAX_MESSAGE_BYTES_CONFIG), LARGEST_RECORD);
    // A machine that is short of processors may take longer than the usual ten seconds between two
    // commits; what a dead desk left open holds its successor's readers up for as long as this.
    streams.put(StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG), "30000");
    // One that is killed is missed after ten seconds.
    streams.put(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), "10000");
    streams.put(StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), "3000");
    streams.put(
        StreamsConfig.mainConsumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    return streams;
  }

  private static KafkaProducer<String, RatingCase> producer(Map<String, Object> client) {
    var settings = new HashMap<>(client);
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LARGEST_RECORD);
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_TIMEOUT_MILLIS);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, DELIVERY_TIMEOUT_MILLIS);
    var messages = new ProtobufSerializer();
    return new KafkaProducer<>(settings, new StringSerializer(), messages::serialize);
  }

  @Override
  public CompletionStage<Void> open(RatingCase asked) {
    check.check(asked);
    var opened = new CompletableFuture<Void>();
    cases.send(
        new ProducerRecord<>(topics.cases(), asked.getCaseId(), asked),
        (written, failure) -> {
          if (failure == null) {
            opened.complete(null);
          } else {
            opened.completeExceptionally(failure);
          }
        });
    return opened;
  }

  /** Whether it works, or is about to; one that does not is replaced by a new process. */
  public boolean isAlive() {
    return streams.state().isRunningOrRebalancing()
        || streams.state() == KafkaStreams.State.CREATED;
  }

  /** How often it failed and began again, since its start. */
  public long failures() {
    return failures.count();
  }

  /** Ends what is under way and commits it. */
  @Override
  public void close() {
    cases.close(STOP_TIMEOUT);
    if (!streams.close(STOP_TIMEOUT)) {
      LOG.warnf("rating desk abandoned reason=stop waited=%s", STOP_TIMEOUT);
    }
  }
}
