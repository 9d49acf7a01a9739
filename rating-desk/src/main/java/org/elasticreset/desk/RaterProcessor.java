package org.elasticreset.desk;

import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.elasticreset.proto.v1.GoldChange;
import org.elasticreset.proto.v1.RaterRecord;
import org.elasticreset.rating.GoldRecord;
import org.jspecify.annotations.Nullable;

/** Keeps the books on raters, by rater, and tells everybody on {@code raters}. */
final class RaterProcessor extends ContextualProcessor<String, GoldChange, String, RaterRecord> {

  private final DeskSettings settings;

  RaterProcessor(DeskSettings settings) {
    this.settings = settings;
  }

  @Override
  public void process(Record<String, GoldChange> record) {
    KeyValueStore<String, RaterRecord> raters = context().getStateStore(DeskStores.GOLD_RECORDS);
    String rater = record.key();
    @Nullable RaterRecord before = raters.get(rater);
    GoldChange change = record.value();
    GoldRecord known = before == null ? GoldRecord.NONE : RaterBook.gold(before);
    GoldRecord gold =
        new GoldRecord(known.right() + change.getRight(), known.wrong() + change.getWrong());
    boolean wasMuted = before != null && before.getMuted();
    long changes = before == null ? 0 : before.getMutedChanges();
    boolean muted = settings.muting().mutes(gold);
    RaterRecord after =
        RaterRecord.newBuilder()
            .setRunId(settings.runId())
            .setRaterId(rater)
            .setRight(gold.right())
            .setWrong(gold.wrong())
            .setMuted(muted)
            .setMutedChanges(muted == wasMuted ? changes : changes + 1)
            .build();
    raters.put(rater, after);
    context().forward(record.withValue(after));
  }
}
