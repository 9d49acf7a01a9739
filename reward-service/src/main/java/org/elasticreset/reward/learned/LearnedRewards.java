package org.elasticreset.reward.learned;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.elasticreset.model.RewardModels;
import org.elasticreset.model.SequenceClassifier;
import org.elasticreset.reward.learned.TrainingTerm.Setup;
import org.jboss.logging.Logger;

/** Puts a reward model that learns together: what scores, what follows versions, what trains. */
public final class LearnedRewards implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(LearnedRewards.class);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(10);

  private final LearnedReward reward;
  private final VersionFollower follower;
  private final RewardLearner learner;
  private final ExecutorService training;

  LearnedRewards(
      LearnedReward reward,
      VersionFollower follower,
      RewardLearner learner,
      ExecutorService training) {
    this.reward = reward;
    this.follower = follower;
    this.learner = learner;
    this.training = training;
  }

  /**
   * Opens the base and starts the rest on threads of its own.
   *
   * @param kafka settings of a client of Kafka
   * @throws IllegalArgumentException naming the setting that cannot work
   * @throws org.elasticreset.model.files.ModelFormatException if the base is no reward model of one
   *     label, and no decoder
   */
  public static LearnedRewards start(
      String runId, LearnSettings settings, Map<String, ?> kafka, MeterRegistry registry) {
    LearnRules rules = new LearnRules(settings);
    LearnedMetrics metrics = new LearnedMetrics(registry);
    LearnedReward reward = new LearnedReward(RewardModels.open(rules.base()), metrics);
    VersionFollower follower =
        new VersionFollower(runId, kafka, rules.folders(), SequenceClassifier::open, reward);
    ExecutorService training = Executors.newSingleThreadExecutor(LearnedRewards::trainingThread);
    RewardLearner learner =
        new RewardLearner(
            new Setup(
                runId,
                String.valueOf(rules.base().normalize().getFileName()),
                rules.retraining(),
                rules.heldOut(),
                new PairTrainings(runId, rules.base(), settings),
                rules.folders(),
                training,
                Clock.systemUTC(),
                metrics),
            kafka);
    follower.start();
    learner.start();
    return new LearnedRewards(reward, follower, learner, training);
  }

  /** Scoring goes first, where a system heeds priorities. */
  private static Thread trainingThread(Runnable task) {
    var thread = new Thread(task, "reward-training");
    thread.setDaemon(true);
    thread.setPriority(Thread.MIN_PRIORITY);
    return thread;
  }

  /** What scores. */
  public LearnedReward reward() {
    return reward;
  }

  /**
   * Ends all but what scores, which may be at it. A training under way was told to stop and ends
   * after its batch: the engine is not taken from under it.
   */
  @Override
  public void close() {
    learner.close();
    follower.close();
    training.shutdown();
    try {
      if (!training.awaitTermination(STOP_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warnf("reward training abandoned reason=stop waited=%s", STOP_TIMEOUT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
