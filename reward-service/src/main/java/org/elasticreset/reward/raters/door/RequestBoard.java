package org.elasticreset.reward.raters.door;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.elasticreset.proto.v1.Rating;
import org.elasticreset.proto.v1.RatingRequest;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of people now, and who has it or has dealt with it. Told of what is on the topics,
 * in whatever order the topics come. Keeps what is open, and the newest of what has ended.
 */
public final class RequestBoard {

  private static final int MOST_ENDED = 10_000;
  private static final int MOST_NAMES = 2 * MOST_ENDED;
  private static final int MOST_EARLY = 10_000;
  private static final int MOST_EARLY_OF_ONE = 100;
  private static final int MOST_RATERS = 100_000;

  private static final Comparator<BoardRequest> OLDEST_DEADLINE =
      Comparator.<BoardRequest>comparingLong(request -> request.asked().getDeadlineMillis())
          .thenComparing(request -> request.asked().getRequestId());

  private final String runId;
  private final Clock clock;
  private final Duration lease;
  private final double goldShare;
  private final Duration longest;
  private final Raters raters;

  private final Map<String, BoardRequest> open = new HashMap<>();
  private final Map<String, BoardRequest> ended = new Recent<>(MOST_ENDED);
  private final Map<String, String> ids = new Recent<>(MOST_NAMES);
  private final Map<String, List<Rating>> early = new Recent<>(MOST_EARLY);
  private final Map<String, Long> given = new Recent<>(MOST_RATERS);
  private final Predicate<RatingRequest> gold;

  /**
   * Empty.
   *
   * @param lease how long a request that was given to a rater is kept from others
   * @param longest time that requests wait: those that wait longer do not show it
   * @param gold which requests have an answer that is known
   * @param goldShare of what a rater is given, the share of gold, 0 to 1
   * @param raters who is muted
   * @throws IllegalArgumentException if one of them cannot be
   */
  public RequestBoard(
      String runId,
      Clock clock,
      Duration lease,
      Duration longest,
      Predicate<RatingRequest> gold,
      double goldShare,
      Raters raters) {
    require(0 <= goldShare && goldShare <= 1, "reward.raters.gold-share", goldShare, "0 to 1");
    require(
        !lease.isNegative() && !lease.isZero(),
        "reward.raters.lease",
        lease,
        "a positive duration");
    this.runId = runId;
    this.clock = clock;
    this.lease = lease;
    this.longest = longest;
    this.gold = gold;
    this.goldShare = goldShare;
    this.raters = raters;
  }

  private static void require(boolean holds, String name, Object value, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
    }
  }

  /**
   * A record of {@code rating-requests}.
   *
   * @param asked null: it has ended
   * @throws IllegalArgumentException naming a field that cannot be used
   */
  synchronized void asked(String id, @Nullable RatingRequest asked) {
    if (asked == null) {
      end(id);
      return;
    }
    require(asked.getRequestId().equals(id), "request_id", asked.getRequestId(), id + ", its key");
    @Nullable BoardRequest before = open.containsKey(id) ? open.get(id) : ended.get(id);
    BoardRequest request = before == null ? new BoardRequest(asked) : before.askedAgain(asked);
    ended.remove(id);
    open.put(id, request);
    ids.put(Draw.name(runId, id), id);
    @Nullable List<Rating> said = early.remove(id);
    if (said != null) {
      said.forEach(request::said);
    }
  }

  private void end(String id) {
    @Nullable BoardRequest request = open.remove(id);
    if (request != null) {
      request.end();
      ended.put(id, request);
    }
  }

  /** A record of {@code ratings}; or what was said here, before that comes. */
  synchronized void said(Rating rating) {
    String id = rating.getRequestId();
    Rating kept = rating.toBuilder().clearComment().clearShown().build();
    @Nullable BoardRequest request = open.containsKey(id) ? open.get(id) : ended.get(id);
    if (request != null) {
      request.said(kept);
      return;
    }
    List<Rating> ofRequest = early.computeIfAbsent(id, unknown -> new ArrayList<>());
    if (ofRequest.size() < MOST_EARLY_OF_ONE) {
      ofRequest.add(kept);
    }
  }

  /** The desk took no more of this request: its step is trained on, or its case was given up. */
  synchronized void close(String id) {
    @Nullable BoardRequest request = ended.get(id);
    if (request != null) {
      request.close();
    }
  }

  /**
   * What to ask a rater next: first what they already have, then, oldest deadline first, what
   * nobody else has or is needed for. It is theirs for the time of a lease.
   *
   * @param most requests, at least 1
   */
  synchronized List<Handout> next(String raterId, int most) {
    Instant now = clock.instant();
    List<BoardRequest> next = new ArrayList<>(requests(request -> isHeld(request, raterId, now)));
    next.subList(Math.min(most, next.size()), next.size()).clear();
    List<BoardRequest> free = new ArrayList<>(requests(request -> isFree(request, raterId, now)));
    List<BoardRequest> known = new ArrayList<>(requests(request -> isGold(request, raterId, now)));
    known.sort(Comparator.comparingLong(request -> Draw.number("gold", raterId, id(request))));
    while (next.size() < most) {
      long count = given.getOrDefault(raterId, 0L);
      boolean goldNext = !known.isEmpty() && Draw.share(raterId, count) < goldShare;
      if (!goldNext && free.isEmpty()) {
        break;
      }
      BoardRequest request = goldNext ? known.remove(0) : free.remove(0);
      request.lease(raterId, now.plus(lease));
      ids.put(Draw.name(runId, id(request)), id(request));
      given.put(raterId, count + 1);
      next.add(request);
    }
    return next.stream().map(request -> handout(request, raterId)).toList();
  }

  /** Requests that this rater could be given now, or has. */
  synchronized int waiting(String raterId) {
    Instant now = clock.instant();
    return requests(r -> isHeld(r, raterId, now) || isFree(r, raterId, now)).size();
  }

  private List<BoardRequest> requests(Predicate<BoardRequest> which) {
    return open.values().stream().filter(which).sorted(OLDEST_DEADLINE).toList();
  }

  private static boolean isHeld(BoardRequest request, String raterId, Instant now) {
    return request.isLeasedTo(raterId, now);
  }

  private boolean isFree(BoardRequest request, String raterId, Instant now) {
    return !isHeld(request, raterId, now)
        && !gold.test(request.asked())
        && request.needs(raterId, raters.muted(), now);
  }

  private boolean isGold(BoardRequest request, String raterId, Instant now) {
    return !isHeld(request, raterId, now)
        && gold.test(request.asked())
        && !request.rated().isDoneBy(raterId);
  }

  private static String id(BoardRequest request) {
    return request.asked().getRequestId();
  }

  private Handout handout(BoardRequest request, String raterId) {
    RatingRequest asked = request.asked();
    String name = Draw.name(runId, asked.getRequestId());
    RatingRequest.Builder seen =
        asked.toBuilder()
            .clearRunId()
            .clearPolicyVersion()
            .clearTargetStep()
            .clearOverlap()
            .setDeadlineMillis(shownDeadline(request, raterId))
            .setRequestId(name);
    seen.getCandidatesBuilderList().forEach(candidate -> candidate.clearRolloutId());
    return new Handout(
        name, seen.build(), Draw.order(raterId, asked.getRequestId(), asked.getCandidatesCount()));
  }

  /** One that never ends would give itself away. */
  private long shownDeadline(BoardRequest request, String raterId) {
    long given = request.leaseEnd(raterId).minus(lease).plus(longest).toEpochMilli();
    return Math.min(request.asked().getDeadlineMillis(), given);
  }

  /**
   * A request as it stands for a rater; empty if there is none. Ids can be guessed, and tell gold
   * from the rest: whoever may name them can answer what they like and be measured by nothing.
   *
   * @param name of the request among raters
   */
  synchronized Optional<BoardView> look(String name, String raterId) {
    @Nullable String id = ids.get(name);
    if (id == null) {
      return Optional.empty();
    }
    @Nullable BoardRequest isOpen = open.get(id);
    if (isOpen != null) {
      return Optional.of(new BoardView(isOpen.rated(), true));
    }
    @Nullable BoardRequest before = ended.get(id);
    return Optional.ofNullable(before)
        .map(known -> new BoardView(known.rated(), known.wasGivenTo(raterId)));
  }

  /** How much is asked, gold left out. */
  synchronized OpenCounts counts() {
    Instant now = clock.instant();
    Set<String> muted = raters.muted();
    List<BoardRequest> asked = requests(request -> !gold.test(request.asked()));
    Map<String, Long> kinds =
        asked.stream()
            .map(request -> request.asked().getQuestionCase().name().toLowerCase(Locale.ROOT))
            .collect(Collectors.groupingBy(kind -> kind, Collectors.counting()));
    return new OpenCounts(
        asked.size(),
        kinds,
        asked.stream().filter(request -> request.leased(now) > 0).count(),
        asked.stream().filter(request -> !request.rated().answers(muted).isEmpty()).count(),
        open.size() - asked.size(),
        asked.stream().map(request -> request.asked().getDeadlineMillis()).findFirst());
  }
}
