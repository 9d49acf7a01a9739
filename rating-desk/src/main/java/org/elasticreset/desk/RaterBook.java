package org.elasticreset.desk;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.apache.kafka.streams.state.ValueAndTimestamp;
import org.elasticreset.proto.v1.RaterRecord;
import org.elasticreset.rating.GoldRecord;
import org.jspecify.annotations.Nullable;

/**
 * What is known of raters, as the topic {@code raters} has it.
 *
 * @param raters by id; read only, and the same in every instance
 */
record RaterBook(ReadOnlyKeyValueStore<String, ValueAndTimestamp<RaterRecord>> raters) {

  /** How often a rater is right, in (0, 1); ½ of a stranger. */
  double weightOf(String raterId) {
    @Nullable ValueAndTimestamp<RaterRecord> known = raters.get(raterId);
    return known == null ? GoldRecord.NONE.accuracy() : gold(known.value()).accuracy();
  }

  /** Whether a rater does not count. */
  boolean isMuted(String raterId) {
    @Nullable ValueAndTimestamp<RaterRecord> known = raters.get(raterId);
    return known != null && known.value().getMuted();
  }

  /** Of whoever was ever muted: how often that changed. */
  Map<String, Long> mutedChanges() {
    Map<String, Long> changes = new HashMap<>();
    try (var all = raters.all()) {
      while (all.hasNext()) {
        var rater = all.next();
        RaterRecord known = rater.value.value();
        if (known.getMutedChanges() > 0) {
          changes.put(rater.key, known.getMutedChanges());
        }
      }
    }
    return changes;
  }

  static GoldRecord gold(RaterRecord rater) {
    return new GoldRecord(rater.getRight(), rater.getWrong());
  }
}
