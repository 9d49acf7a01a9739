package org.elasticreset.reward.learned;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.assertj.core.data.Offset;
import org.elasticreset.broker.KafkaTopics;
import org.elasticreset.broker.LocalBroker;
import org.elasticreset.proto.ProtobufSerializer;
import org.elasticreset.proto.v1.Preference;
import org.elasticreset.proto.v1.RewardModelVersion;
import org.elasticreset.reward.learned.TrainingTerm.Setup;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Instances over a real broker, which share a directory. */
@Timeout(300)
class RewardLearnerTest {

  private static LocalBroker broker;
  private static Map<String, Object> client;

  @TempDir Path directory;

  @BeforeAll
  static void start() {
    broker = LocalBroker.startTemporary();
    client = Map.of("bootstrap.servers", broker.bootstrapServers());
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  /** What an instance has of a reward model that learns. */
  private final class Instance implements AutoCloseable {
    private final LearnedMetrics metrics = new LearnedMetrics(new SimpleMeterRegistry());
    private final VersionFolders folders = new VersionFolders(directory);
    private final ExecutorService executor = Executors.newSingleThreadExecutor();
    private final FakeTrainings trainings;
    private final LearnedReward reward;
    private final VersionFollower follower;
    private final RewardLearner learner;

    Instance(String run, double... accuracies) {
      trainings = new FakeTrainings().comingOutAs(accuracies);
      reward = new LearnedReward(Optional.of(new FakeModel(0)), metrics);
      follower = new VersionFollower(run, client, folders, FakeModel::open, reward);
      learner =
          new RewardLearner(
              new Setup(
                  run,
                  "a-base",
                  new RetrainingRule(20, 20, Duration.ZERO),
                  new HeldOut(0.5),
                  trainings,
                  folders,
                  executor,
                  Clock.systemUTC(),
                  metrics),
              client);
      follower.start();
      learner.start();
    }

    double score() throws InterruptedException {
      reward.adopt();
      return reward.score(List.of("text"))[0];
    }

    @Override
    public void close() {
      learner.close();
      follower.close();
      executor.shutdownNow();
    }
  }

  /** All at once, as the desk commits them. */
  private static void prefer(String run, int from, int to) {
    Map<String, Object> settings = new HashMap<>(client);
    settings.put("transactional.id", "desk-of-" + run);
    var messages = new ProtobufSerializer();
    try (var producer =
        new KafkaProducer<String, Preference>(
            settings, new StringSerializer(), messages::serialize)) {
      producer.initTransactions();
      producer.beginTransaction();
      for (int i = from; i < to; i++) {
        Preference preference =
            Preferences.of("r" + i, "p" + i, "yes", "no").toBuilder().setRunId(run).build();
        producer.send(new ProducerRecord<>(run + ".preferences", "r" + i, preference));
      }
      producer.commitTransaction();
    }
  }

  private static void await(BooleanSupplier holds) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!holds.getAsBoolean()) {
      assertThat(System.nanoTime()).as("did not come in a minute").isLessThan(end);
      Thread.sleep(50);
    }
  }

  private static void awaitVersion(Instance instance, long version) throws InterruptedException {
    await(
        () -> {
          try {
            instance.reward.adopt();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return instance.reward.version() == version;
        });
  }

  private static String run(String name) {
    KafkaTopics.createForPeople(client, name);
    return name;
  }

  @Test
  void oneTrainsAndAllScoreWithItAndAnotherTakesOverWhenItEnds() throws Exception {
    String run = run("two-instances");
    try (Instance first = new Instance(run, 0.7, 0.8);
        Instance second = new Instance(run, 0.7, 0.8)) {
      assertThat(first.score()).isZero();
      prefer(run, 0, 30);
      awaitVersion(first, 1);
      awaitVersion(second, 1);
      assertThat(first.score()).isEqualTo(second.score()).isCloseTo(0.7, offset());
      assertThat(first.trainings.trained.size() + second.trainings.trained.size()).isEqualTo(1);

      boolean firstTrained = first.trainings.trained.size() == 1;
      Instance ended = firstTrained ? first : second;
      Instance other = firstTrained ? second : first;
      ended.close();
      prefer(run, 30, 60);
      awaitVersion(other, 2);

      assertThat(other.trainings.trained).hasSize(1);
      var data = other.trainings.trained.get(0);
      assertThat(data.training().size() + data.heldOut().size()).as("all there are").isEqualTo(60);
    }
  }

  @Test
  void whoBeginsLaterScoresWithTheNewestFromTheFirstBatch() throws Exception {
    String run = run("late");
    try (Instance first = new Instance(run, 0.7)) {
      prefer(run, 0, 30);
      awaitVersion(first, 1);
      try (Instance late = new Instance(run, 0.7)) {
        assertThat(late.score()).isCloseTo(0.7, offset());
        assertThat(late.reward.version()).isEqualTo(1);
      }
    }
  }

  @Test
  void whoWasReplacedWithoutKnowingCanAnnounceNothing() {
    String run = run("fenced");
    try (var replaced = new KafkaAnnouncements(run, client);
        var successor = new KafkaAnnouncements(run, client)) {
      RewardModelVersion version =
          RewardModelVersion.newBuilder().setRunId(run).setVersion(1).setAdopted(true).build();

      assertThatThrownBy(() -> replaced.announce(version)).isNotNull();
      successor.announce(version.toBuilder().setVersion(2).build());

      try (var next = new KafkaAnnouncements(run, client)) {
        assertThat(next.newest().orElseThrow().getVersion()).isEqualTo(2);
      }
    }
  }

  @Test
  void stopWaitsForATrainingThatIsEnding() {
    var instance = new Instance(run("stopped"), 0.7);
    var rewards =
        new LearnedRewards(instance.reward, instance.follower, instance.learner, instance.executor);
    var ended = new AtomicBoolean();
    instance.executor.execute(
        () -> {
          LockSupport.parkNanos(Duration.ofMillis(700).toNanos());
          ended.set(true);
        });

    rewards.close();

    assertThat(ended).isTrue();
    assertThat(instance.executor.isTerminated()).isTrue();
  }

  private static Offset<Double> offset() {
    return Offset.offset(1e-6);
  }
}
