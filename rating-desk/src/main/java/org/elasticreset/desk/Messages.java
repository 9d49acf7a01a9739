package org.elasticreset.desk;

import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.MessageLite;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Deserializer;
import org.elasticreset.proto.ProtobufSerde;
import org.elasticreset.proto.v1.Rating;
import org.elasticreset.proto.v1.RatingCase;
import org.jspecify.annotations.Nullable;

/** Reads what comes from topics that others write. */
final class Messages {

  private static final Deserializer<RatingCase> CASES =
      new ProtobufSerde<>(RatingCase.class, RatingCase.parser()).deserializer();

  /** What a newer writer adds, or a stranger, is not kept: it would have no bounds. */
  private static final Deserializer<Rating> RATINGS =
      new ProtobufSerde<>(Rating.class, DiscardUnknownFieldsParser.wrap(Rating.parser()))
          .deserializer();

  private Messages() {}

  /**
   * A case.
   *
   * @throws SerializationException in words for people
   */
  static RatingCase ratingCase(String topic, byte @Nullable [] bytes) {
    return present(topic, CASES.deserialize(topic, bytes), "a case");
  }

  /**
   * A rating.
   *
   * @throws SerializationException in words for people
   */
  static Rating rating(String topic, byte @Nullable [] bytes) {
    return present(topic, RATINGS.deserialize(topic, bytes), "a rating");
  }

  private static <T extends MessageLite> T present(
      String topic, @Nullable T message, String expected) {
    if (message == null) {
      throw new SerializationException(
          "record on %s: a tombstone (expected: %s)".formatted(topic, expected));
    }
    return message;
  }
}
