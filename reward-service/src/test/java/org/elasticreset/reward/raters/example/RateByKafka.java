package org.elasticreset.reward.raters.example;

import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.elasticreset.proto.ProtobufSerializer;
import org.elasticreset.proto.v1.Ranks;
import org.elasticreset.proto.v1.Rating;

/** Writes a rating straight to Kafka: the first candidate is better. */
public final class RateByKafka {

  private RateByKafka() {}

  /** Takes bootstrap servers, the run, a request's id as the topic has it, and a rater's name. */
  public static void main(String... arguments) throws ExecutionException, InterruptedException {
    Rating better =
        Rating.newBuilder()
            .setRunId(arguments[1])
            .setRequestId(arguments[2])
            .setRaterId(arguments[3])
            .setRevision(System.currentTimeMillis())
            .setRanks(Ranks.newBuilder().addRanks(1).addRanks(2))
            .setSaidMillis(System.currentTimeMillis())
            .build();
    try (var producer =
        new KafkaProducer<String, com.google.protobuf.MessageLite>(
            Map.of("bootstrap.servers", arguments[0], "acks", "all"),
            new StringSerializer(),
            new ProtobufSerializer())) {
      producer
          .send(new ProducerRecord<>(arguments[1] + ".ratings", better.getRequestId(), better))
          .get();
    }
  }
}
