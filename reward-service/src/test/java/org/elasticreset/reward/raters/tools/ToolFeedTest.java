package org.elasticreset.reward.raters.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.elasticreset.reward.raters.tools.ToolRequests.pair;

import com.google.protobuf.MessageLite;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.elasticreset.broker.KafkaTopics;
import org.elasticreset.broker.LocalBroker;
import org.elasticreset.proto.ProtobufSerializer;
import org.elasticreset.proto.v1.Rating;
import org.elasticreset.rating.tools.AnswerBook;
import org.elasticreset.rating.tools.ToolEvent.Deleted;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Over a real broker. */
@Timeout(300)
final class ToolFeedTest {

  private static LocalBroker broker;
  private static Map<String, Object> kafka;
  private static KafkaProducer<String, MessageLite> producer;

  private final FakeTool tool = new FakeTool();

  @BeforeAll
  static void start() {
    broker = LocalBroker.startTemporary();
    kafka = Map.of("bootstrap.servers", broker.bootstrapServers());
    KafkaTopics.createForPeople(kafka, ToolRequests.RUN);
    producer = new KafkaProducer<>(kafka, new StringSerializer(), new ProtobufSerializer());
  }

  @AfterAll
  static void stop() {
    producer.close();
    broker.close();
  }

  @Test
  void oneInstancePutsRequestsIntoTheToolAndAnotherGoesOnWhenItIsGone() throws Exception {
    ask(1);
    ask(2);
    tell("rating-requests", pair(2).getRequestId(), null);
    tool.away(true);
    var one = feed();
    try (var other = feed()) {
      // Until it was tried, at least once, in vain.
      Thread.sleep(2000);
      tool.away(false);
      await(() -> tool.requests().equals(List.of(pair(1).getRequestId())));
      ask(3);
      await(() -> tool.requests().size() == 2);

      one.close();
      ask(4);
      tell("rating-requests", pair(1).getRequestId(), null);

      await(() -> tool.requests().equals(List.of(pair(3).getRequestId(), pair(4).getRequestId())));
      assertThat(other).isNotNull();
    }
  }

  @Test
  void whatAnyInstanceTookIsKnownAfterAStart() throws Exception {
    var rating =
        Rating.newBuilder()
            .setRunId(ToolRequests.RUN)
            .setRequestId(pair(1).getRequestId())
            .setRaterId("label-studio:5")
            .setRevision(100)
            .setThumbUp(true)
            .setAnswerId("label-studio:17")
            .build();
    tell("ratings", rating.getRequestId(), rating);
    var book = new AnswerBook(10);
    var written = new FakeRatings();
    var deleted = new Deleted("label-studio:17", Optional.empty());
    try (var heard = new RatingsHeard(kafka, ToolRequests.RUN, book, written).start()) {
      await(() -> book.rating(deleted).isPresent());
      tell("ratings", rating.getRequestId(), rating.toBuilder().setRevision(200).build());
      await(() -> written.written.stream().anyMatch(each -> each.getRevision() == 201));
      assertThat(heard).isNotNull();
    }
    assertThat(written.written).allMatch(Rating::hasWithdrawal);
  }

  private ToolFeed feed() {
    var metrics = new ToolMetrics(new SimpleMeterRegistry());
    var mirror = new ToolMirror(tool, metrics, Clock.systemUTC(), Duration.ofMillis(200));
    return new ToolFeed(kafka, ToolRequests.RUN, tool, mirror, metrics, Clock.systemUTC()).start();
  }

  private static void ask(int number) throws Exception {
    tell("rating-requests", pair(number).getRequestId(), pair(number));
  }

  private static void tell(String topic, String key, @Nullable MessageLite value) throws Exception {
    producer
        .send(new ProducerRecord<>(ToolRequests.RUN + "." + topic, key, value))
        .get(30, TimeUnit.SECONDS);
  }

  private static void await(BooleanSupplier holds) throws InterruptedException {
    for (int i = 0; i < 600 && !holds.getAsBoolean(); i++) {
      Thread.sleep(100);
    }
    assertThat(holds.getAsBoolean()).isTrue();
  }
}
