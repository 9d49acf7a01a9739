package org.elasticreset.desk;

import static org.elasticreset.desk.CrowdRater.Kind.ADVERSARY;
import static org.elasticreset.desk.CrowdRater.Kind.HONEST;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.elasticreset.desk.CrowdRater.Kind;
import org.elasticreset.proto.RatingIds;
import org.elasticreset.proto.v1.Rating;
import org.elasticreset.proto.v1.RatingCase;

/**
 * Raters of all kinds before one desk, on one thread: who is free is given an open request, and
 * answers when they have thought. A request is given to no more raters than it waits for, as the
 * service does. Three in a hundred answers come twice; of as many, half are withdrawn and half
 * turned round.
 */
final class Crowd {

  private static final double SHARE_REPEATED = 0.03;
  private static final double SHARE_TAKEN_BACK = 0.03;

  /** Tries to find a request that a rater was not asked yet. */
  private static final int LOOKS = 50;

  /** A muting is looked after a second later; nothing comes any more after that much of nothing. */
  private static final Duration QUIET = Duration.ofSeconds(4);

  private final CrowdSize size;
  private final KafkaProducer<String, byte[]> producer;
  private final DeskWitness witness;
  private final List<CrowdRater> raters;
  private final Deque<CrowdRater> free;
  private final List<Asked> cases = new ArrayList<>();
  private final List<Asked> gold = new ArrayList<>();
  private final Deque<Asked> waiting = new ArrayDeque<>();
  private final PriorityQueue<Due> events = new PriorityQueue<>();
  private long sent;
  private long repeated;
  private int mostOpen;
  private boolean killed;

  /**
   * A request, and what was said to it in the end; nothing is known here of what the desk makes of
   * it.
   */
  private static final class Asked {
    final RatingCase asked;
    final String request;
    final boolean firstIsBetter;
    final Map<CrowdRater, Boolean> saidFirst = new LinkedHashMap<>();
    int given;
    boolean open;
    boolean queued;

    Asked(RatingCase asked, boolean firstIsBetter) {
      this.asked = asked;
      this.request = RatingIds.request(asked.getCaseId(), 0);
      this.firstIsBetter = firstIsBetter;
    }

    int wanted() {
      long said = saidFirst.keySet().stream().filter(rater -> !rater.muted).count();
      return (int) (asked.getRequests(0).getOverlap() - said - given);
    }

    /** 1: the first is better, 0: the second. */
    double value() {
      long first = saidFirst.entrySet().stream().filter(e -> counts(e, true)).count();
      long second = saidFirst.entrySet().stream().filter(e -> counts(e, false)).count();
      return first == second ? 0.5 : first > second ? 1 : 0;
    }

    private static boolean counts(Map.Entry<CrowdRater, Boolean> said, boolean first) {
      return !said.getKey().muted && said.getValue() == first;
    }
  }

  private record Due(long nanos, Runnable what) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      return Long.compare(nanos, other.nanos);
    }
  }

  Crowd(CrowdSize size, String bootstrapServers) {
    this.size = size;
    Map<String, Object> client =
        Map.of("bootstrap.servers", bootstrapServers, "linger.ms", "2", "acks", "all");
    producer = new KafkaProducer<>(client, new StringSerializer(), new ByteArraySerializer());
    witness = new DeskWitness(bootstrapServers);
    raters = CrowdRater.crowd(size.raters(), size.seed());
    free = new ArrayDeque<>(raters);
  }

  /** The end of a desk, and the beginning of another. */
  interface Kill {
    void kill() throws IOException, InterruptedException;
  }

  /** Opens all cases at once, and answers until nothing is open. */
  CrowdFigures run(Kill kill) throws IOException, InterruptedException {
    IntStream.range(0, size.gold())
        .mapToObj(i -> new Asked(Cases.gold("gold-" + i + "@0"), true))
        .forEach(
            asked -> {
              gold.add(asked);
              send("rating-cases", asked.asked.getCaseId(), asked.asked.toByteArray());
            });
    for (int i = 0; i < size.cases(); i++) {
      RatingCase asked = Cases.pair(3, i, size.overlap());
      cases.add(new Asked(asked, i % 2 == 0));
      send("rating-cases", asked.getCaseId(), asked.toByteArray());
    }
    while (witness.openRequests().size() < size.cases() + size.gold()) {
      witness.look();
    }
    long began = System.nanoTime();
    long busy = began;
    long give = began + size.patience().toNanos();
    while (System.nanoTime() - busy < QUIET.toNanos()) {
      boolean news = witness.look();
      boolean done = takeNote();
      answerWhatIsDue();
      if (!killed && size.killAfter() > 0 && sent >= size.killAfter()) {
        killed = true;
        kill.kill();
      }
      if (news || !done) {
        busy = System.nanoTime();
      }
      if (busy > give) {
        break; // what is missing is counted
      }
    }
    witness.close();
    producer.close();
    return figures(busy - began);
  }

  /** Whether there is nothing to do. */
  private boolean takeNote() {
    raters.forEach(rater -> rater.muted = witness.muted().contains(rater.id));
    int open = 0;
    for (Asked asked : cases) {
      asked.open = witness.openRequests().contains(asked.request);
      if (asked.open) {
        open++;
        if (!asked.queued && asked.wanted() > 0) {
          asked.queued = true;
          waiting.add(asked);
        }
      }
    }
    mostOpen = Math.max(mostOpen, open);
    for (int i = free.size(); i > 0; i--) {
      CrowdRater rater = free.poll();
      if (rater.muted || !give(rater)) {
        free.add(rater);
      }
    }
    return open == 0 && events.isEmpty() && witness.audits() == sent;
  }

  private boolean give(CrowdRater rater) {
    if (waiting.isEmpty()) {
      return false;
    }
    if (rater.isGoldDue(size.goldShare())) {
      for (Asked known : gold) {
        if (!rater.asked.contains(known.request)) {
          ask(rater, known, true);
          return true;
        }
      }
    }
    for (int look = Math.min(LOOKS, waiting.size()); look > 0; look--) {
      Asked asked = waiting.poll();
      boolean wanted = asked.open && asked.wanted() > 0;
      boolean fits = wanted && !rater.asked.contains(asked.request);
      if (fits) {
        ask(rater, asked, false);
      }
      asked.queued = asked.open && asked.wanted() > 0;
      if (asked.queued) {
        waiting.add(asked);
      }
      if (fits) {
        return true;
      }
    }
    return false;
  }

  private void ask(CrowdRater rater, Asked asked, boolean isGold) {
    rater.ask(asked.request, isGold);
    asked.given++;
    later(rater, () -> answer(rater, asked));
  }

  private void answer(CrowdRater rater, Asked asked) {
    asked.given--;
    free.add(rater);
    boolean first = rater.saysFirst(asked.firstIsBetter);
    say(asked, rater, said(asked, rater, 1, first));
    asked.saidFirst.put(rater, first);
    double drawn = rater.random.nextDouble();
    if (drawn < SHARE_REPEATED) {
      say(asked, rater, said(asked, rater, 1, first));
      repeated++;
    } else if (drawn < SHARE_REPEATED + SHARE_TAKEN_BACK) {
      later(rater, () -> takeBack(asked, rater, first));
    }
  }

  private void takeBack(Asked asked, CrowdRater rater, boolean first) {
    if (rater.random.nextBoolean()) {
      say(asked, rater, Cases.withdrawal(asked.asked, rater.id, 2));
      asked.saidFirst.remove(rater);
    } else {
      say(asked, rater, said(asked, rater, 2, !first));
      asked.saidFirst.put(rater, !first);
    }
  }

  private static Rating said(Asked asked, CrowdRater rater, long revision, boolean first) {
    return first
        ? Cases.first(asked.asked, rater.id, revision)
        : Cases.second(asked.asked, rater.id, revision);
  }

  private void later(CrowdRater rater, Runnable what) {
    double millis = rater.latencyMillis(size.medianLatency().toMillis());
    events.add(
        new Due(System.nanoTime() + (long) (millis * TimeUnit.MILLISECONDS.toNanos(1)), what));
  }

  private void answerWhatIsDue() {
    while (!events.isEmpty() && events.peek().nanos() <= System.nanoTime()) {
      events.poll().what().run();
    }
  }

  /** Keyed by rater: whoever writes the topic keys it as they like. */
  private void say(Asked asked, CrowdRater rater, Rating rating) {
    send("ratings", rater.id, rating.toByteArray());
    sent++;
  }

  private void send(String topic, String key, byte[] bytes) {
    producer.send(new ProducerRecord<>(Cases.RUN + "." + topic, key, bytes));
  }

  private CrowdFigures figures(long nanos) {
    long lost = 0;
    List<String> wrong = new ArrayList<>();
    long right = 0;
    for (Asked asked : cases) {
      Double reward = witness.reward(asked.asked.getRollouts(0).getRollout().getRolloutId());
      if (reward == null || witness.openRequests().contains(asked.request)) {
        lost++;
      } else if (reward != asked.value()) {
        wrong.add(asked.request + ": " + reward + " of " + asked.saidFirst);
      } else if (reward == (asked.firstIsBetter ? 1 : 0)) {
        right++;
      }
    }
    return new CrowdFigures(
        size,
        nanos / 1e9,
        sent,
        repeated,
        mostOpen,
        count(ADVERSARY, true),
        count(ADVERSARY, false),
        count(Kind.RANDOM, true),
        count(Kind.RANDOM, false),
        count(HONEST, true),
        lost,
        wrong,
        witness.sentTwice(),
        witness.duplicates(),
        (double) right / cases.size(),
        witness.scores());
  }

  private long count(Kind kind, boolean mutedOnly) {
    return raters.stream().filter(r -> r.kind == kind && (r.muted || !mutedOnly)).count();
  }
}
