package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.elasticreset.broker.KafkaTopics;
import org.elasticreset.broker.LocalBroker;
import org.elasticreset.proto.v1.RunEnded;
import org.elasticreset.proto.v1.TrainingEvent;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(180)
class KafkaTrainingEventsTest {
  private static LocalBroker broker;

  @BeforeAll
  static void start() {
    broker = LocalBroker.startTemporary();
    KafkaTopics.create(broker.bootstrapServers(), "run");
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @Test
  void deadLettersFromNowOnComeBesideTheEvents() throws Exception {
    deadLetter("before anybody watched");
    send(new ProducerRecord<>("run.training-events", event().toByteArray()));
    try (var events =
        new KafkaTrainingEvents(KafkaAccess.plain(broker.bootstrapServers()), "run")) {
      deadLetter("generation-failed: no room\u001b[2J");

      List<TrainingEvent> told = new ArrayList<>();
      List<DeadLetter> letters = new ArrayList<>();
      while (told.isEmpty() || letters.isEmpty()) {
        told.addAll(events.poll(Duration.ofMillis(200)));
        letters.addAll(events.deadLetters());
      }

      assertThat(told).containsExactly(event());
      assertThat(letters)
          .containsExactly(new DeadLetter("prompts", "generation-failed: no room\\u001b[2J"));
      assertThat(events.deadLetters()).isEmpty();
    }
  }

  @Test
  void deadLettersAreShownUntilTheyAreManyAndThenOnce() {
    var out = new ByteArrayOutputStream();
    var progress =
        new RunProgress(
            new Terminal(new PrintStream(out), false, 80), Path.of("run"), 1, System::nanoTime);

    for (int i = 1; i <= 100; i++) {
      progress.show(new DeadLetter("prompts", "invalid: " + i));
    }

    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .hasSize(11)
        .startsWith("dead letter of prompts: invalid: 1")
        .endsWith(
            "dead letter of prompts: invalid: 10",
            "more dead letters; the topic dead-letters has them all, with their reasons");
  }

  private static TrainingEvent event() {
    return TrainingEvent.newBuilder()
        .setRunId("run")
        .setRunEnded(RunEnded.getDefaultInstance())
        .build();
  }

  /** As SmallRye writes it. */
  private static void deadLetter(String reason) throws Exception {
    var letter = new ProducerRecord<byte[], byte[]>("run.dead-letters", new byte[] {1});
    letter.headers().add("dead-letter-topic", "run.prompts".getBytes(StandardCharsets.UTF_8));
    letter.headers().add("dead-letter-reason", reason.getBytes(StandardCharsets.UTF_8));
    send(letter);
  }

  private static void send(ProducerRecord<byte[], byte[]> record) throws Exception {
    Map<String, Object> settings = Map.of("bootstrap.servers", broker.bootstrapServers());
    try (var producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(record).get();
    }
  }
}
