package org.elasticreset.learner;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.elasticreset.algorithm.PolicyStamp;
import org.elasticreset.algorithm.Rollout;
import org.elasticreset.ema.SimulatedEma.Served;
import org.elasticreset.model.TokenSequence;
import org.elasticreset.proto.v1.PolicyVersion;
import org.elasticreset.proto.v1.Prompt;
import org.elasticreset.proto.v1.PromptBatch;
import org.elasticreset.proto.v1.Purpose;
import org.elasticreset.proto.v1.RewardFrom;
import org.elasticreset.proto.v1.TrainingEvent;
import org.jspecify.annotations.Nullable;

/**
 * Kafka, rollout workers and scorers, as the learner sees them, and nothing that depends on time:
 * whenever the learner waits, a few random things happen. Topics and workers outlive the learner.
 */
final class SimulatedWorld implements Inbox, Outbox {

  private static final int PARTITIONS = 2;
  private static final int WORKERS = 3;

  /** Reading on is quick: the learner dies there as often as anywhere, for each moment of it. */
  private static final int POLLS_PER_EFFECT = 10;

  private static final int MOST_ACTIONS = 100_000;

  /** How often a worker lets a batch go whose version is not there: it is a dead letter then. */
  private static final double GIVES_UP = 0.1;

  private final SimulatedEmaService ema;
  private final Random random;
  private final Chances chances;
  private final List<PromptBatch> prompts = new ArrayList<>();
  private final List<Worker> workers = new ArrayList<>();
  private final List<ReceivedRollout> underWay = new ArrayList<>();

  /** All that was ever scored, by the number that stands in its prompt's tokens. */
  private final List<ReceivedRollout> numbered = new ArrayList<>();

  /** By rollout id: the revision of its score that was trained on, at last. */
  final Map<String, Long> trainedRevisions = new TreeMap<>();

  /** The only score that comes, by rollout id; empty: whatever happens. */
  private final Map<String, Long> onlyRevisions;

  private final List<List<ReceivedRollout>> scored = new ArrayList<>();
  private final Map<Integer, Long> position = new TreeMap<>();
  private final Map<Long, ByteString> digests = new TreeMap<>();
  final List<TrainingEvent> events = new ArrayList<>();
  private long newestSeen;
  private long epochSeen;
  private int actions;

  SimulatedWorld(SimulatedEmaService ema, Random random, Chances chances) {
    this(ema, random, chances, Map.of());
  }

  SimulatedWorld(
      SimulatedEmaService ema, Random random, Chances chances, Map<String, Long> onlyRevisions) {
    this.onlyRevisions = onlyRevisions;
    this.ema = ema;
    this.random = random;
    this.chances = chances;
    for (int worker = 0; worker < WORKERS; worker++) {
      workers.add(new Worker());
    }
    for (int partition = 0; partition < PARTITIONS; partition++) {
      scored.add(new ArrayList<>());
    }
  }

  /** One process with what it is at; the version it holds never goes backwards while it lives. */
  private static final class Worker {
    private long version;
    private @Nullable PromptBatch batch;
  }

  /** The learner dies here, now and then. */
  void learnerMayDie() {
    if (happens(chances.learnerDies())) {
      throw new Death();
    }
  }

  /**
   * The learner has taken a step or an evaluation. Of whatever it ever read of a rollout, in this
   * life or an earlier one, it has the highest revision.
   */
  void learnerHasTaken(List<TokenSequence> sequences) {
    for (TokenSequence sequence : sequences) {
      Rollout taken = numbered.get(sequence.promptTokens()[1]).rollout();
      int partition = partition(taken);
      long highest =
          scored.get(partition).subList(0, position.get(partition).intValue()).stream()
              .map(ReceivedRollout::rollout)
              .filter(r -> r.id().equals(taken.id()) && r.policy().equals(taken.policy()))
              .mapToLong(Rollout::scoreRevision)
              .max()
              .orElseThrow();
      if (taken.scoreRevision() != highest) {
        throw new AssertionError(
            "%s of %s: revision %d was taken, %d was read"
                .formatted(taken.id(), taken.policy(), taken.scoreRevision(), highest));
      }
      trainedRevisions.put(taken.id(), highest);
    }
  }

  private static int partition(Rollout rollout) {
    return Math.floorMod(rollout.id().hashCode(), PARTITIONS);
  }

  @Override
  public void open(Map<Integer, Long> offsets) {
    for (int partition = 0; partition < PARTITIONS; partition++) {
      position.put(partition, offsets.getOrDefault(partition, 0L));
    }
  }

  @Override
  public void issue(PromptBatch batch) {
    learnerMayDie();
    prompts.add(batch);
    learnerMayDie();
  }

  /** A reader of the topic replaces what is told again. */
  @Override
  public void report(TrainingEvent event) {
    learnerMayDie();
    if (event.getSequence() > events.size() + 1) {
      throw new AssertionError("event " + event.getSequence() + " behind " + events.size());
    }
    events.subList((int) event.getSequence() - 1, events.size()).clear();
    events.add(event);
    learnerMayDie();
  }

  @Override
  public @Nullable ReceivedRollout poll(Duration patience) {
    if (random.nextInt(POLLS_PER_EFFECT) == 0) {
      learnerMayDie();
    }
    for (int more = random.nextInt(6); more > 0; more--) {
      act();
    }
    while (true) {
      int first = random.nextInt(PARTITIONS);
      for (int turn = 0; turn < PARTITIONS; turn++) {
        int partition = (first + turn) % PARTITIONS;
        int next = position.getOrDefault(partition, 0L).intValue();
        if (next < scored.get(partition).size()) {
          position.put(partition, next + 1L);
          return scored.get(partition).get(next);
        }
      }
      if (isIdle()) {
        return null; // and the silence lasts as long as the learner's patience
      }
      act();
    }
  }

  private boolean isIdle() {
    return prompts.isEmpty()
        && underWay.isEmpty()
        && workers.stream().allMatch(worker -> worker.batch == null);
  }

  private void act() {
    if (++actions > MOST_ACTIONS) {
      throw new AssertionError("the run makes no progress");
    }
    ema.mayDieUnasked();
    Worker worker = workers.get(random.nextInt(WORKERS));
    switch (random.nextInt(3)) {
      case 0 -> take(worker);
      case 1 -> work(worker);
      default -> deliver();
    }
  }

  private void take(Worker worker) {
    if (worker.batch == null && !prompts.isEmpty()) {
      int drawn = random.nextInt(prompts.size());
      worker.batch = happens(chances.duplicated()) ? prompts.get(drawn) : prompts.remove(drawn);
    }
  }

  private void work(Worker worker) {
    PromptBatch batch = worker.batch;
    if (batch == null) {
      return;
    }
    if (happens(chances.workerDies())) {
      prompts.add(batch);
      worker.batch = null;
      worker.version = 0;
      return;
    }
    Optional<Served> served = ema.newest();
    if (served.isEmpty() || served.get().version().getVersion() < batch.getMinimumPolicyVersion()) {
      // It waits, as it does not generate with an older one, and in the end lets the batch go.
      worker.batch = happens(GIVES_UP) ? null : batch;
      return;
    }
    observe(served.get().version());
    PolicyVersion version = served.get().version();
    if (version.getVersion() < worker.version) {
      throw new AssertionError("a worker's version went backwards");
    }
    worker.version = version.getVersion();
    worker.batch = null;
    if (!happens(chances.lost())) {
      batch
          .getPromptsList()
          .forEach(prompt -> score(batch, prompt, version, served.get().weights()));
    }
  }

  private void score(PromptBatch batch, Prompt prompt, PolicyVersion version, ByteString weights) {
    Long only = onlyRevisions.get(prompt.getRolloutId());
    boolean asked =
        batch.getPurpose() == Purpose.TRAINING
            && new SplittableRandom(prompt.getSeed()).nextDouble() < chances.asked();
    long lowest = only != null ? only : asked ? 1 : 0;
    long highest = only == null && asked ? 1 + random.nextInt(3) : lowest;
    for (long revision = lowest; revision <= highest; revision++) {
      ReceivedRollout rollout =
          generate(batch, prompt, version, weights, revision, numbered.size());
      numbered.add(rollout);
      underWay.add(rollout);
    }
  }

  /** Versions and epochs never go backwards, and a version never has other weights. */
  private void observe(PolicyVersion version) {
    if (version.getVersion() < newestSeen || version.getResetEpoch() < epochSeen) {
      throw new AssertionError(
          "served " + version + " behind version " + newestSeen + ", epoch " + epochSeen);
    }
    newestSeen = version.getVersion();
    epochSeen = version.getResetEpoch();
    ByteString before = digests.putIfAbsent(version.getVersion(), version.getDigest());
    if (before != null && !before.equals(version.getDigest())) {
      throw new AssertionError("version " + version.getVersion() + " has two sets of weights");
    }
  }

  private void deliver() {
    if (underWay.isEmpty()) {
      return;
    }
    int drawn = random.nextInt(underWay.size());
    ReceivedRollout rollout =
        happens(chances.duplicated()) ? underWay.get(drawn) : underWay.remove(drawn);
    int partition = partition(rollout.rollout());
    List<ReceivedRollout> log = scored.get(partition);
    log.add(rollout.from(new ReceivedRollout.Source(partition, log.size())));
  }

  /**
   * What is drawn depends on the seed and on every weight, so that off-policy work shows, and what
   * it earns on the revision too.
   */
  private static ReceivedRollout generate(
      PromptBatch batch,
      Prompt prompt,
      PolicyVersion version,
      ByteString weights,
      long revision,
      int number) {
    SplittableRandom drawn = new SplittableRandom(prompt.getSeed() ^ weights.hashCode());
    int[] response = drawn.ints(drawn.nextInt(1, 5), 0, 50).toArray();
    float[] logProbs = new float[response.length];
    for (int t = 0; t < logProbs.length; t++) {
      logProbs[t] = (float) -drawn.nextDouble(0.5, 2);
    }
    return new ReceivedRollout(
        new ReceivedRollout.Source(0, 0),
        batch.getPurpose(),
        batch.getTargetStep(),
        new Rollout(
            prompt.getRolloutId(),
            new int[] {1, number},
            response,
            logProbs,
            drawn.nextDouble() + revision,
            revision,
            new PolicyStamp(version.getVersion(), version.getResetEpoch()),
            false),
        revision == 0
            ? RewardFrom.REWARD_FROM_MODEL
            : revision == 1 ? RewardFrom.REWARD_FROM_FALLBACK : RewardFrom.REWARD_FROM_PEOPLE,
        prompt.getText(),
        "response",
        OptionalDouble.of(drawn.nextDouble()),
        prompt.getReferencesMap(),
        Optional.empty());
  }

  private boolean happens(double chance) {
    return chance > 0 && random.nextDouble() < chance;
  }
}
