package org.elasticreset.desk;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.elasticreset.proto.RatingIds;
import org.elasticreset.proto.v1.Rating;

/** Keys ratings by their case, whatever whoever wrote them keyed and placed them by. */
final class RatingIntake extends ContextualProcessor<byte[], byte[], byte[], Outgoing> {

  private final DeskTopics topics;

  RatingIntake(DeskTopics topics) {
    this.topics = topics;
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    context().recordMetadata().ifPresent(m -> Outgoing.putOrigin(record.headers(), m));
    try {
      Rating said = Messages.rating(topics.ratings(), record.value());
      byte[] caseId = RatingIds.caseId(said.getRequestId()).getBytes(StandardCharsets.UTF_8);
      context()
          .forward(
              record
                  .withKey(caseId)
                  .withValue(
                      new Outgoing(DeskTopology.RATINGS, ByteString.copyFrom(record.value()))));
    } catch (SerializationException | IllegalArgumentException e) {
      context()
          .forward(
              Outgoing.deadLetter(topics.deadLetters(), record, String.valueOf(e.getMessage())));
    }
  }
}
