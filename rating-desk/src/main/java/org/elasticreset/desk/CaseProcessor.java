package org.elasticreset.desk;

import static org.elasticreset.desk.RatingTranslation.require;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.elasticreset.proto.v1.RatingCase;
import org.jspecify.annotations.Nullable;

/** Brings cases to the {@link CaseDesk}, and has it look at the clock. */
final class CaseProcessor extends ContextualProcessor<byte[], byte[], byte[], Outgoing> {

  private static final Duration FORGET_EVERY = Duration.ofMinutes(1);

  private final DeskSettings settings;
  private final DeskTopics topics;

  @SuppressWarnings("NullAway.Init")
  private CaseDesk desk;

  CaseProcessor(DeskSettings settings) {
    this.settings = settings;
    this.topics = new DeskTopics(settings.runId());
  }

  @Override
  public void init(ProcessorContext<byte[], Outgoing> context) {
    super.init(context);
    desk = new CaseDesk(settings, DeskStores.of(context), context::forward);
    context.schedule(settings.lookEvery(), PunctuationType.WALL_CLOCK_TIME, desk::lookAround);
    context.schedule(FORGET_EVERY, PunctuationType.WALL_CLOCK_TIME, desk::forget);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    context().recordMetadata().ifPresent(m -> Outgoing.putOrigin(record.headers(), m));
    try {
      RatingCase asked = Messages.ratingCase(topics.cases(), record.value());
      byte @Nullable [] key = record.key();
      String keyed = key == null ? "" : new String(key, StandardCharsets.UTF_8);
      require(asked.getCaseId().equals(keyed), "case_id", asked.getCaseId(), keyed + ", the key");
      desk.open(asked, context().currentSystemTimeMs());
    } catch (SerializationException | IllegalArgumentException e) {
      context()
          .forward(
              Outgoing.deadLetter(topics.deadLetters(), record, String.valueOf(e.getMessage())));
    }
  }
}
