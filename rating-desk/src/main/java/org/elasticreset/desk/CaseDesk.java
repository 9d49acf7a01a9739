package org.elasticreset.desk;

import static org.elasticreset.desk.RatingTranslation.require;

import com.google.protobuf.MessageLite;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.elasticreset.proto.RatingIds;
import org.elasticreset.proto.v1.CaseState;
import org.elasticreset.proto.v1.EndedCase;
import org.elasticreset.proto.v1.Rating;
import org.elasticreset.proto.v1.RatingAudit;
import org.elasticreset.proto.v1.RatingCase;
import org.elasticreset.proto.v1.RatingReceipt;
import org.elasticreset.proto.v1.RequestState;
import org.elasticreset.proto.v1.ScoredRollout;
import org.elasticreset.proto.v1.SentReward;
import org.elasticreset.proto.v1.TrainedSteps;
import org.elasticreset.rating.Decision;
import org.elasticreset.rating.Outcome;
import org.elasticreset.rating.RatedRequest;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The cases of one partition: opens them, takes what people say to them, and sends their rollouts
 * on when all their requests are decided or fell back, and again when that comes out otherwise.
 * Once they are sent, models stand in for what is asked again, so that nothing is trained on what
 * was taken back, or said by somebody who is muted since. Holds nothing itself but what it has
 * looked at; the rest is in its stores.
 */
final class CaseDesk {

  private static final Logger LOG = Logger.getLogger(CaseDesk.class);

  private final DeskSettings settings;
  private final DeskTopics topics;
  private final CaseCheck check;
  private final CaseAnswers answers;
  private final CaseRewards rewards;
  private final DeskStores stores;
  private final Consumer<Record<byte[], Outgoing>> out;
  private Map<String, Long> mutedChangesSeen = Map.of();

  CaseDesk(DeskSettings settings, DeskStores stores, Consumer<Record<byte[], Outgoing>> out) {
    this.settings = settings;
    this.topics = new DeskTopics(settings.runId());
    this.check = new CaseCheck(settings.runId());
    this.answers = new CaseAnswers(settings.fallback());
    this.rewards = new CaseRewards(settings.combination());
    this.stores = stores;
    this.out = out;
  }

  /**
   * Opens a case; one that is open, or was sent on, is there already.
   *
   * @throws IllegalArgumentException if it cannot be asked or sent on
   */
  void open(RatingCase asked, long now) {
    check.check(asked);
    String id = asked.getCaseId();
    @Nullable EndedCase before = stores.ended().get(id);
    if (stores.open().get(id) != null || (before != null && !before.getDropped())) {
      LOG.debugf("case ignored id=%s reason=known", id);
      return;
    }
    CaseState.Builder state =
        CaseState.newBuilder()
            .setTargetStep(asked.hasGold() ? 0 : asked.getRollouts(0).getTargetStep())
            .setStepsTold(stores.trained().getTold())
            .setNextDeadlineMillis(CaseAnswers.nextDeadline(asked, Long.MIN_VALUE));
    for (var request : asked.getRequestsList()) {
      state.addRequests(RequestState.getDefaultInstance());
      write(topics.requests(), request.getRequestId(), request, now);
    }
    stores.cases().put(id, asked);
    stores.open().put(id, state.build());
    stores.ended().delete(id);
  }

  /**
   * Takes what a rater says.
   *
   * @throws IllegalArgumentException if it names no request, or does not answer it
   */
  void take(Rating said, long now) {
    require(said.getRunId().equals(settings.runId()), "run_id", said.getRunId(), settings.runId());
    var rating = RatingTranslation.rating(said);
    String id = RatingIds.caseId(said.getRequestId());
    @Nullable CaseState state = stores.open().get(id);
    if (state == null) {
      require(
          stores.ended().get(id) != null,
          "request_id",
          said.getRequestId(),
          "a request on " + topics.requests());
      audit(said, RatingReceipt.RATING_CLOSED, "", now);
      return;
    }
    int index = RatingIds.index(said.getRequestId());
    require(
        index < state.getRequestsCount(),
        "request_id",
        said.getRequestId(),
        "an index below " + state.getRequestsCount());
    RatingCase asked = stores.caseOf(id);
    RatedRequest rated = answers.of(asked, state.getRequests(index), index);
    var receipt = rated.receiptOf(rating);
    audit(said, RatingTranslation.receipt(receipt), "", now);
    if (receipt.changes()) {
      if (asked.hasGold()) {
        org.elasticreset.rating.@Nullable Rating before = rated.ratings().get(rating.raterId());
        var change = GoldAnswers.change(CaseCheck.gold(asked), before, rating);
        write(DeskTopology.GOLD, rating.raterId(), change, now);
      }
      CaseState.Builder next = state.toBuilder();
      CaseAnswers.replace(next.getRequestsBuilder(index), said);
      settle(asked, next, now);
    }
  }

  /** Puts down that a rating is not taken, and why. */
  void refuse(Rating said, String reason, long now) {
    audit(said, RatingReceipt.RATING_REFUSED, reason, now);
  }

  /** Looks after deadlines, trained steps and who is muted. */
  void lookAround(long now) {
    TrainedSteps trained = stores.trained();
    Map<String, Long> mutedChanges = stores.raters().mutedChanges();
    Set<String> changed =
        mutedChanges.entrySet().stream()
            .filter(rater -> !mutedChangesSeen.entrySet().contains(rater))
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    mutedChangesSeen = mutedChanges;
    for (KeyValue<String, CaseState> open : all(stores.open())) {
      CaseState state = open.value;
      if (isTrained(state, trained)) {
        end(open.key, state, false, now);
      } else if (isPast(state.getNextDeadlineMillis(), now) || isBySomeOf(changed, state)) {
        settle(stores.caseOf(open.key), state.toBuilder(), now);
      }
    }
  }

  /** Forgets what has ended so long ago that it does not come again. */
  void forget(long now) {
    long before = now - settings.keepEnded().toMillis();
    for (KeyValue<String, EndedCase> ended : all(stores.ended())) {
      if (ended.value.getEndedMillis() < before) {
        stores.ended().delete(ended.key);
      }
    }
  }

  /** Only by what was told since it was opened: a learner that goes back takes steps again. */
  private static boolean isTrained(CaseState state, TrainedSteps trained) {
    return state.getTargetStep() > 0
        && trained.getNewest() >= state.getTargetStep()
        && trained.getTold() > state.getStepsTold();
  }

  private static boolean isPast(long deadline, long now) {
    return deadline != 0 && deadline <= now;
  }

  private static boolean isBySomeOf(Set<String> raters, CaseState state) {
    return !raters.isEmpty()
        && CaseAnswers.raterIds(state.getRequestsList()).anyMatch(raters::contains);
  }

  /** Finds out what became of the requests of a case, and does what follows. */
  private void settle(RatingCase asked, CaseState.Builder state, long now) {
    RaterBook raters = stores.raters();
    Set<String> muted =
        CaseAnswers.raterIds(state.getRequestsList())
            .filter(raters::isMuted)
            .collect(Collectors.toSet());
    Decision decision = new Decision(settings.aggregation(), raters::weightOf, muted);
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = 0; i < asked.getRequestsCount(); i++) {
      RatedRequest rated = answers.of(asked, state.getRequests(i), i);
      outcomes.add(decision.of(rated, Instant.ofEpochMilli(now)));
    }
    state.setNextDeadlineMillis(CaseAnswers.nextDeadline(asked, now));
    if (!asked.hasGold()) {
      tellPreferences(asked, state, outcomes, now);
    }
    boolean allEnded = outcomes.stream().noneMatch(Outcome.Open.class::isInstance);
    boolean dropped = allEnded && outcomes.stream().anyMatch(Outcome.Dropped.class::isInstance);
    boolean sent = state.getScoreRevision() > 0;
    boolean goldIsOver = asked.hasGold() && state.getNextDeadlineMillis() == 0;
    if (goldIsOver || (dropped && !sent)) {
      end(asked.getCaseId(), state.build(), dropped, now);
      return;
    }
    for (int i = 0; i < outcomes.size(); i++) {
      announce(asked, i, state.getRequestsBuilder(i), outcomes.get(i), now);
    }
    if (!asked.hasGold() && (sent || (allEnded && !dropped))) {
      sendOn(asked, state, outcomes, now);
    }
    stores.open().put(asked.getCaseId(), state.build());
  }

  /** A request that ends is asked no more; one that an answer is missing of again, is. */
  private void announce(
      RatingCase asked, int index, RequestState.Builder request, Outcome outcome, long now) {
    boolean ended = !(outcome instanceof Outcome.Open);
    if (ended != request.getEnded()) {
      var message = asked.getRequests(index);
      write(topics.requests(), message.getRequestId(), ended ? null : message, now);
      request.setEnded(ended);
    }
  }

  /** Tells what people prefer, also of a case that is then dropped for another of its requests. */
  private void tellPreferences(
      RatingCase asked, CaseState.Builder state, List<Outcome> outcomes, long now) {
    for (int i = 0; i < outcomes.size(); i++) {
      var request = asked.getRequests(i);
      RequestState.Builder told = state.getRequestsBuilder(i);
      if (CasePreferences.put(request, outcomes.get(i), told)) {
        write(
            topics.preferences(),
            request.getRequestId(),
            CasePreferences.of(asked, request, told.build(), now).orElse(null),
            now);
      }
    }
  }

  private void sendOn(RatingCase asked, CaseState.Builder state, List<Outcome> outcomes, long now) {
    long revision = state.getScoreRevision() + 1;
    List<ScoredRollout> scored = rewards.of(asked, outcomes, revision);
    List<SentReward> sent = scored.stream().map(CaseDesk::sent).toList();
    if (sent.equals(state.getSentList())) {
      return;
    }
    for (ScoredRollout rollout : scored) {
      write(topics.scoredRollouts(), rollout.getRollout().getRolloutId(), rollout, now);
    }
    state.setScoreRevision(revision).clearSent().addAllSent(sent);
  }

  private static SentReward sent(ScoredRollout rollout) {
    return SentReward.newBuilder()
        .setReward(rollout.getReward())
        .setSource(rollout.getRewardSource())
        .build();
  }

  private void end(String id, CaseState state, boolean dropped, long now) {
    for (int i = 0; i < state.getRequestsCount(); i++) {
      if (!state.getRequests(i).getEnded()) {
        write(topics.requests(), RatingIds.request(id, i), null, now);
      }
    }
    stores.cases().delete(id);
    stores.open().delete(id);
    stores.ended().put(id, EndedCase.newBuilder().setEndedMillis(now).setDropped(dropped).build());
  }

  private void audit(Rating said, RatingReceipt receipt, String reason, long now) {
    RatingAudit audit = RatingTranslation.audit(settings.runId(), said, receipt, reason, now);
    write(topics.audit(), audit.getRequestId(), audit, now);
  }

  private void write(String topic, String key, @Nullable MessageLite message, long now) {
    out.accept(Outgoing.of(topic, key, message, now));
  }

  /** All of a store, apart from it: whoever goes through them may change it. */
  private static <T> List<KeyValue<String, T>> all(KeyValueStore<String, T> store) {
    List<KeyValue<String, T>> all = new ArrayList<>();
    try (var entries = store.all()) {
      entries.forEachRemaining(all::add);
    }
    return all;
  }
}
