package org.elasticreset.desk;

import java.util.HashSet;
import java.util.Set;
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

  /** Who does not count, of all. */
  Set<String> muted() {
    Set<String> muted = new HashSet<>();
    try (var all = raters.all()) {
      while (all.hasNext()) {
        var rater = all.next();
        if (rater.value.value().getMuted()) {
          muted.add(rater.key);
        }
      }
    }
    return muted;
  }

  static GoldRecord gold(RaterRecord rater) {
    return new GoldRecord(rater.getRight(), rater.getWrong());
  }
}
