package org.elasticreset.reward.raters.door;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.elasticreset.proto.v1.RaterRecord;
import org.elasticreset.proto.v1.Rating;
import org.elasticreset.proto.v1.RatingAudit;
import org.elasticreset.proto.v1.RatingReceipt;
import org.jspecify.annotations.Nullable;

/** Who rates: what they have dealt with, and how far they are believed. */
public final class Raters {

  private static final int MOST_RATERS = 100_000;

  private static final class Rater {
    private RaterRecord record = RaterRecord.getDefaultInstance();
    private long taken;
    private final Set<String> notYetTaken = new HashSet<>();
  }

  private final Map<String, Rater> raters = new Recent<>(MOST_RATERS);
  private Set<String> muted = Set.of();

  /**
   * A record of {@code raters}.
   *
   * @param record null: nothing is known of them
   */
  synchronized void known(String raterId, @Nullable RaterRecord record) {
    Rater rater = rater(raterId);
    rater.record = record == null ? RaterRecord.getDefaultInstance() : record;
    if (rater.record.getMuted() != muted.contains(raterId)) {
      Set<String> next = new HashSet<>(muted);
      if (!next.remove(raterId)) {
        next.add(raterId);
      }
      muted = Set.copyOf(next);
    }
  }

  /** A record of {@code rating-audit}. */
  synchronized void audited(RatingAudit audit) {
    Rater rater = rater(audit.getRaterId());
    rater.notYetTaken.remove(audit.getRequestId());
    if (audit.getReceipt() == RatingReceipt.RATING_TAKEN) {
      rater.taken++;
    }
  }

  /** What a rater said of a request for the first time, before the desk tells of it. */
  synchronized void saidFirst(Rating rating) {
    rater(rating.getRaterId()).notYetTaken.add(rating.getRequestId());
  }

  /** It was not written after all. */
  synchronized void notSaid(Rating rating) {
    rater(rating.getRaterId()).notYetTaken.remove(rating.getRequestId());
  }

  private Rater rater(String raterId) {
    return raters.computeIfAbsent(raterId, unknown -> new Rater());
  }

  /** Requests that the rater has dealt with. */
  synchronized long done(String raterId) {
    @Nullable Rater rater = raters.get(raterId);
    return rater == null ? 0 : rater.taken + rater.notYetTaken.size();
  }

  /** Who is no longer believed. */
  synchronized Set<String> muted() {
    return muted;
  }

  /** Everybody, by name. */
  synchronized List<RaterStanding> all() {
    List<RaterStanding> all = new ArrayList<>();
    raters.forEach(
        (id, rater) ->
            all.add(
                new RaterStanding(
                    id,
                    rater.taken + rater.notYetTaken.size(),
                    rater.record.getRight(),
                    rater.record.getWrong(),
                    rater.record.getMuted())));
    all.sort(Comparator.comparing(RaterStanding::rater));
    return all;
  }
}
