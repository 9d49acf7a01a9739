package org.elasticreset.reward.raters.door;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.elasticreset.proto.Untrusted;
import org.elasticreset.proto.v1.RaterRecord;
import org.elasticreset.proto.v1.Rating;
import org.elasticreset.proto.v1.RatingAudit;
import org.elasticreset.proto.v1.RatingReceipt;
import org.elasticreset.proto.v1.RatingRequest;
import org.jboss.logging.Logger;

/** From records of the topics about people to what they say. */
final class PeopleTopics {

  private static final Logger LOG = Logger.getLogger(PeopleTopics.class);

  private final String runId;
  private final String requests;
  private final String ratings;
  private final String raters;
  private final String audit;
  private final RequestBoard board;
  private final Raters everybody;
  private final AgreementWindow agreement;
  private final RatingMetrics metrics;
  private final Runnable seen;

  /**
   * For the topics of a run.
   *
   * @param seen told whenever somebody who is believed says something, by whichever way and to
   *     whichever instance
   */
  PeopleTopics(
      String runId,
      RequestBoard board,
      Raters everybody,
      AgreementWindow agreement,
      RatingMetrics metrics,
      Runnable seen) {
    this.runId = runId;
    this.requests = runId + ".rating-requests";
    this.ratings = runId + ".ratings";
    this.raters = runId + ".raters";
    this.audit = runId + ".rating-audit";
    this.board = board;
    this.everybody = everybody;
    this.agreement = agreement;
    this.metrics = metrics;
    this.seen = seen;
  }

  List<String> names() {
    return List.of(requests, raters, ratings, audit);
  }

  /**
   * Takes a record. One that cannot be used is told of: the desk refuses ratings that nobody can
   * read, and writes everything else itself.
   *
   * @param isNew whether it came since the service started
   */
  void take(ConsumerRecord<String, byte[]> record, boolean isNew) {
    try {
      String topic = record.topic();
      if (topic.equals(requests)) {
        asked(record);
      } else if (topic.equals(raters)) {
        everybody.known(
            record.key(), record.value() == null ? null : RaterRecord.parseFrom(record.value()));
      } else if (topic.equals(ratings)) {
        said(Rating.parseFrom(record.value()), isNew);
      } else {
        audited(RatingAudit.parseFrom(record.value()), isNew);
      }
    } catch (InvalidProtocolBufferException | RuntimeException e) {
      LOG.debugf(
          "record ignored topic=%s partition=%d offset=%d reason=\"%s\"",
          record.topic(),
          record.partition(),
          record.offset(),
          Untrusted.shown(String.valueOf(e.getMessage())));
    }
  }

  private void asked(ConsumerRecord<String, byte[]> record) throws InvalidProtocolBufferException {
    if (record.value() == null) {
      board.asked(record.key(), null);
      return;
    }
    RatingRequest asked = RatingRequest.parseFrom(record.value());
    if (asked.getRunId().equals(runId)) {
      board.asked(record.key(), asked);
    }
  }

  private void said(Rating rating, boolean isNew) {
    if (!rating.getRunId().equals(runId)) {
      return;
    }
    board.said(rating);
    agreement.said(rating);
    if (isNew) {
      metrics.said(rating);
      if (!everybody.muted().contains(rating.getRaterId())) {
        seen.run();
      }
    }
  }

  private void audited(RatingAudit audited, boolean isNew) {
    everybody.audited(audited);
    if (audited.getReceipt() == RatingReceipt.RATING_CLOSED) {
      board.close(audited.getRequestId());
    }
    if (isNew) {
      metrics.audited(audited);
    }
  }
}
