package org.elasticreset.desk;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.elasticreset.proto.RatingIds;
import org.elasticreset.proto.v1.Rating;
import org.elasticreset.proto.v1.RatingAudit;
import org.elasticreset.proto.v1.RatingReceipt;

/**
 * Keys ratings by their case, whatever whoever wrote them keyed and placed them by. One that has
 * none, or cannot be read, ends here: as a dead letter, and as refused on {@code rating-audit}.
 */
final class RatingIntake extends ContextualProcessor<byte[], byte[], byte[], Outgoing> {

  private final String runId;
  private final DeskTopics topics;

  RatingIntake(DeskSettings settings) {
    this.runId = settings.runId();
    this.topics = new DeskTopics(runId);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    context().recordMetadata().ifPresent(m -> Outgoing.putOrigin(record.headers(), m));
    Rating said = Rating.getDefaultInstance();
    try {
      said = Messages.rating(topics.ratings(), record.value());
      byte[] caseId = RatingIds.caseId(said.getRequestId()).getBytes(StandardCharsets.UTF_8);
      context()
          .forward(
              record
                  .withKey(caseId)
                  .withValue(
                      new Outgoing(DeskTopology.RATINGS, ByteString.copyFrom(record.value()))));
    } catch (SerializationException | IllegalArgumentException e) {
      refuse(record, said, String.valueOf(e.getMessage()));
    }
  }

  /** Nothing may be known of what is said but that it came. */
  private void refuse(Record<byte[], byte[]> record, Rating said, String reason) {
    long now = context().currentSystemTimeMs();
    RatingAudit audit =
        RatingTranslation.audit(runId, said, RatingReceipt.RATING_REFUSED, reason, now);
    context().forward(Outgoing.of(topics.audit(), audit.getRequestId(), audit, now));
    context().forward(Outgoing.deadLetter(topics.deadLetters(), record, reason));
  }
}
