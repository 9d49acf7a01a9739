package org.elasticreset.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.MessageLite;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.elasticreset.proto.ProtobufSerializer;

/**
 * The topic {@code training-events} of a run, for what this program does about it. {@code
 * audit.jsonl} has each line first; what is told twice is known by its id.
 *
 * @param patience with a broker that does not answer
 */
record RunTopic(KafkaAccess kafka, String runId, Duration patience) {

  /** Its name on the broker. */
  static String name(String runId) {
    return runId + ".training-events";
  }

  /** Of a run whose settings name a broker, which outlives the run; empty of one with its own. */
  static Optional<RunTopic> outliving(RunConfig config, String runId, Duration patience) {
    return Optional.ofNullable(config.kafka().bootstrapServers())
        .map(servers -> new RunTopic(KafkaAccess.of(servers, System.getenv()), runId, patience));
  }

  /**
   * Tells lines of {@code audit.jsonl}, those of this program among them, in order.
   *
   * @return why the broker has not all of them, in words; empty if it has
   */
  Optional<String> tell(List<JsonNode> lines) {
    String topic = name(runId);
    try (KafkaProducer<String, MessageLite> producer = producer()) {
      List<Future<?>> told = new ArrayList<>();
      for (JsonNode line : lines) {
        if (AuditLine.isOfThisProgram(line)) {
          told.add(producer.send(new ProducerRecord<>(topic, runId, AuditLine.event(runId, line))));
        }
      }
      for (Future<?> each : told) {
        each.get();
      }
      return Optional.empty();
    } catch (InterruptedException | InterruptException e) {
      Thread.currentThread().interrupt();
      return Optional.of(problem(e));
    } catch (ExecutionException | KafkaException e) {
      return Optional.of(problem(e));
    }
  }

  private KafkaProducer<String, MessageLite> producer() {
    int millis = Math.toIntExact(patience.toMillis());
    Map<String, Object> settings = new HashMap<>(kafka.client());
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, millis);
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, millis);
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, millis);
    return new KafkaProducer<>(settings, new StringSerializer(), new ProtobufSerializer());
  }

  private String problem(Exception e) {
    return "%s at %s: %s".formatted(name(runId), kafka, String.valueOf(e.getMessage()));
  }
}
