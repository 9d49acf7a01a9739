package org.elasticreset.reward.raters.door;

import static org.elasticreset.reward.raters.door.RatingRefused.Why.CLOSED;
import static org.elasticreset.reward.raters.door.RatingRefused.Why.MUTED;
import static org.elasticreset.reward.raters.door.RatingRefused.Why.TOO_MANY;
import static org.elasticreset.reward.raters.door.RatingRefused.Why.UNAVAILABLE;
import static org.elasticreset.reward.raters.door.RatingRefused.Why.UNKNOWN;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.elasticreset.desk.RatingTranslation;
import org.elasticreset.proto.Untrusted;
import org.elasticreset.proto.v1.Rating;
import org.elasticreset.reward.raters.RatingWriter;
import org.jboss.logging.Logger;

/** What raters may ask and say, by whichever way: each of them translates, and asks here. */
public final class RatingDoor {

  /** Characters of a comment; it is kept, and shown to people. */
  static final int LONGEST_COMMENT = 2000;

  private static final Logger LOG = Logger.getLogger(RatingDoor.class);

  /** As the desk has it. */
  private static final int LONGEST_RATER_ID = 200;

  private static final int MOST_AT_ONCE = 20;
  private static final long LONGEST_LATENCY_MILLIS = Duration.ofDays(1).toMillis();
  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  private final String runId;
  private final RequestBoard board;
  private final Raters raters;
  private final RateLimit limit;
  private final RatingWriter writer;
  private final BooleanSupplier ready;
  private final Runnable seen;
  private final Clock clock;

  /**
   * A door.
   *
   * @param ready whether the board knows what is open
   * @param seen told whenever a rater comes
   */
  RatingDoor(
      String runId,
      RequestBoard board,
      Raters raters,
      RateLimit limit,
      RatingWriter writer,
      BooleanSupplier ready,
      Runnable seen,
      Clock clock) {
    this.runId = runId;
    this.board = board;
    this.raters = raters;
    this.limit = limit;
    this.writer = writer;
    this.ready = ready;
    this.seen = seen;
    this.clock = clock;
  }

  /** Requests that the rater has dealt with. */
  public long done(String raterId) {
    return raters.done(raterId);
  }

  /** Whether the rater is no longer believed. */
  public boolean isMuted(String raterId) {
    return raters.muted().contains(raterId);
  }

  /** Requests that wait for the rater, those that they have among them. */
  public int waiting(String raterId) {
    return board.waiting(raterId);
  }

  /**
   * What to ask a rater next.
   *
   * @param most requests, 1 to 20
   * @throws RatingRefused if they cannot be asked
   */
  public List<Handout> next(String raterId, int most) {
    come(raterId);
    check(1 <= most && most <= MOST_AT_ONCE, "max", most, "1 to " + MOST_AT_ONCE);
    return board.next(raterId, most);
  }

  /**
   * Takes what a rater says.
   *
   * @param said with the name of a request, as it was handed out; what the service has to know
   *     better is written over
   * @param source by which way it came
   * @return its revision, when Kafka has it
   * @throws RatingRefused if it cannot be taken
   */
  public CompletionStage<Long> rate(String raterId, Rating said, String source) {
    come(raterId);
    limit
        .take(raterId)
        .ifPresent(
            wait -> {
              throw RatingRefused.until(
                  TOO_MANY, "ratings: too many (expected: fewer in a minute)", wait);
            });
    BoardView request = request(raterId, said);
    Rating rating = complete(request, raterId, said, source);
    boolean first = !request.rated().ratings().containsKey(raterId);
    if (first) {
      raters.saidFirst(rating);
    }
    return writer
        .write(rating)
        .handle(
            (written, failure) -> {
              if (failure != null) {
                if (first) {
                  raters.notSaid(rating);
                }
                LOG.warnf(
                    "rating not written rater=%s reason=\"%s\"", Untrusted.shown(raterId), failure);
                throw new CompletionException(
                    RatingRefused.until(
                        UNAVAILABLE, "rating: not written to Kafka; say it again", RETRY_AFTER));
              }
              board.said(rating);
              return rating.getRevision();
            });
  }

  private void come(String raterId) {
    check(
        !raterId.isBlank()
            && raterId.length() <= LONGEST_RATER_ID
            && raterId.equals(Untrusted.shown(raterId)),
        "rater",
        raterId,
        "1 to " + LONGEST_RATER_ID + " characters that can be shown");
    if (!ready.getAsBoolean()) {
      throw RatingRefused.until(
          UNAVAILABLE, "requests: not read yet (expected: all that are open)", RETRY_AFTER);
    }
    if (isMuted(raterId)) {
      throw RatingRefused.because(
          MUTED, "rater: muted (expected: answers like those that are known)");
    }
    seen.run();
  }

  private BoardView request(String raterId, Rating said) {
    String named = "requestId: " + Untrusted.shown(said.getRequestId());
    BoardView request =
        board
            .look(said.getRequestId(), raterId)
            .orElseThrow(
                () -> RatingRefused.because(UNKNOWN, named + " (expected: one that was asked)"));
    if (!request.takes()) {
      throw RatingRefused.because(CLOSED, named + " (expected: one that is still open)");
    }
    return request;
  }

  /** The rating as it is going to be written. */
  private Rating complete(BoardView request, String raterId, Rating said, String source) {
    int candidates = request.rated().request().question().candidates();
    String id = request.rated().request().id();
    checkFields(said, candidates);
    Rating.Builder rating =
        said.toBuilder()
            .setRunId(runId)
            .setRequestId(id)
            .setRaterId(raterId)
            .setSource(source)
            .clearAnswerId() // Of a tool: whoever deletes it there takes back what has it.
            .setSaidMillis(clock.millis());
    if (said.getRevision() == 0) {
      rating.setRevision(nextRevision(request, raterId));
    }
    if (said.getShownCount() == 0) {
      rating.addAllShown(Draw.order(raterId, id, candidates));
    }
    Rating complete = rating.build();
    try {
      request.rated().receiptOf(RatingTranslation.rating(complete));
    } catch (IllegalArgumentException e) {
      throw RatingRefused.invalid(String.valueOf(e.getMessage()));
    }
    return complete;
  }

  private static void checkFields(Rating said, int candidates) {
    check(said.getRevision() >= 0, "revision", said.getRevision(), "from 1");
    check(
        said.getComment().length() <= LONGEST_COMMENT,
        "comment",
        said.getComment().length() + " characters",
        "at most " + LONGEST_COMMENT);
    check(
        0 <= said.getLatencyMillis() && said.getLatencyMillis() <= LONGEST_LATENCY_MILLIS,
        "latencyMillis",
        said.getLatencyMillis(),
        "0 to " + LONGEST_LATENCY_MILLIS);
    check(
        said.getShownCount() == 0
            || said.getShownList().stream()
                .sorted()
                .toList()
                .equals(IntStream.range(0, candidates).boxed().toList()),
        "shown",
        said.getShownList(),
        "each index from 0 to " + (candidates - 1) + " once");
  }

  /** By the clock; above what the rater said before, however fast they are. */
  private long nextRevision(BoardView request, String raterId) {
    var before = request.rated().ratings().get(raterId);
    long above = before == null || before.revision() == Long.MAX_VALUE ? 1 : before.revision() + 1;
    return Math.max(clock.millis(), above);
  }

  private static void check(boolean holds, String field, Object value, String expected) {
    if (!holds) {
      throw RatingRefused.invalid(
          field + ": " + Untrusted.shown(String.valueOf(value)) + " (expected: " + expected + ")");
    }
  }
}
