package org.elasticreset.desk;

import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.elasticreset.proto.v1.Rating;

/** Brings ratings to the {@link CaseDesk}. */
final class RatingProcessor extends ContextualProcessor<byte[], byte[], byte[], Outgoing> {

  private final DeskSettings settings;
  private final DeskTopics topics;

  @SuppressWarnings("NullAway.Init")
  private CaseDesk desk;

  RatingProcessor(DeskSettings settings) {
    this.settings = settings;
    this.topics = new DeskTopics(settings.runId());
  }

  @Override
  public void init(ProcessorContext<byte[], Outgoing> context) {
    super.init(context);
    desk = new CaseDesk(settings, DeskStores.of(context), context::forward);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    long now = context().currentSystemTimeMs();
    Rating said = Messages.rating(topics.ratings(), record.value());
    try {
      desk.take(said, now);
    } catch (IllegalArgumentException e) {
      String reason = String.valueOf(e.getMessage());
      desk.refuse(said, reason, now);
      context().forward(Outgoing.deadLetter(topics.deadLetters(), record, reason));
    }
  }
}
