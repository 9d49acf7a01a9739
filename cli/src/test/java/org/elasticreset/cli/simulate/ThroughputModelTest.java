package org.elasticreset.cli.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.elasticreset.model.simulated.Distribution;
import org.junit.jupiter.api.Test;

class ThroughputModelTest {

  private static final Costs COSTS =
      new Costs(0.05, 0.01, 0.0001, 0.1, 100e6, 0.02, 500e6, 1e9, 2000, 50e6);
  private static final ThroughputModel MODEL = new ThroughputModel(COSTS);

  private static Workload work(int batches, String generate, String learn, int maxStaleness) {
    return new Workload(
        1_000_000,
        16 * batches,
        16,
        GenerationTime.of(Distribution.ofDurations("generate", generate)),
        Distribution.NONE,
        Distribution.ofDurations("learn", learn),
        maxStaleness);
  }

  @Test
  void stepOfFixedTimesIsTheirSumByHand() {
    Prediction step = MODEL.predict(work(4, "500ms", "1s", 0), Cluster.of(2, 1, 8));

    assertThat(step.seconds(Stage.GENERATION)).isCloseTo(2 * 0.51, within(1e-9));
    assertThat(step.seconds(Stage.FAN_OUT)).isCloseTo(0.02 + 4e6 / 500e6, within(1e-9));
    assertThat(step.seconds(Stage.AVERAGING)).isCloseTo(0.1 + 4e6 / 100e6, within(1e-9));
    assertThat(step.stepSeconds()).isCloseTo(1.02 + 0.028 + 0.05 + 1 + 0.14, within(1e-9));
    assertThat(step.rolloutsPerSecond()).isCloseTo(64 / step.stepSeconds(), within(1e-9));
    assertThat(step.bottleneck()).isEqualTo(Stage.GENERATION);
    assertThat(step.nextBottleneck()).isEqualTo(Stage.LEARNING);
  }

  @Test
  void computeAloneCostsNothingElse() {
    Prediction ideal = ThroughputModel.ideal(work(4, "500ms", "1s", 0), Cluster.of(2, 1, 8));

    assertThat(ideal.stepSeconds()).isCloseTo(2, within(1e-9));
  }

  @Test
  void stepsThatOverlapTakeTheLongerOfGeneratingAndLearning() {
    Prediction equal = ThroughputModel.ideal(work(2, "1s", "1s", 1), Cluster.of(2, 1, 8));
    Prediction learning = ThroughputModel.ideal(work(2, "1s", "3s", 1), Cluster.of(2, 1, 8));

    assertThat(equal.stepSeconds()).isCloseTo(1, within(1e-9));
    assertThat(learning.stepSeconds()).isCloseTo(3, within(1e-9));
    assertThat(learning.bottleneck()).isEqualTo(Stage.LEARNING);
    assertThat(learning.nextBottleneck()).isEqualTo(Stage.GENERATION);
  }

  @Test
  void slowestOfManyWorkersIsWaitedFor() {
    // The mean of the largest of n exponential times is the n-th harmonic number.
    Prediction step =
        ThroughputModel.ideal(work(8, "exponential:1s", "0ms", 0), Cluster.of(8, 1, 8));

    assertThat(step.stepSeconds()).isCloseTo(761.0 / 280, within(0.15));
  }

  @Test
  void workersWithoutAPartitionDoNothing() {
    Workload work = work(16, "1s", "0ms", 0);

    assertThat(ThroughputModel.ideal(work, Cluster.of(16, 1, 8)).stepSeconds())
        .isEqualTo(ThroughputModel.ideal(work, Cluster.of(8, 1, 8)).stepSeconds())
        .isCloseTo(2, within(1e-9));
  }

  @Test
  void scorersThatFallBehindAreWaitedFor() {
    Workload work =
        new Workload(
            1,
            64,
            16,
            GenerationTime.of(Distribution.ofDurations("generate", "100ms")),
            Distribution.ofDurations("score", "1s"),
            Distribution.NONE,
            0);

    Prediction one = ThroughputModel.ideal(work, Cluster.of(4, 1, 8));
    Prediction four = ThroughputModel.ideal(work, Cluster.of(4, 4, 8));

    assertThat(one.stepSeconds()).as("a batch, and then four scores").isCloseTo(5, within(1.0));
    assertThat(one.bottleneck()).isEqualTo(Stage.SCORING);
    assertThat(four.stepSeconds()).isCloseTo(0.1 + 1.9, within(0.95));
  }

  @Test
  void fanOutIsWhatTheAverageCanSendUntilWorkersPassItOn() {
    Workload work = work(1000, "1s", "0ms", 0);
    Cluster straight = new Cluster(1000, 1, 1000, 1, 1, 0);
    Cluster tree = new Cluster(1000, 1, 1000, 1, 1, 10);
    Cluster shards = new Cluster(1000, 1, 1000, 1, 8, 0);
    Cluster shardedTree = new Cluster(1000, 1, 1000, 1, 8, 10);
    Cluster nobodyPassesOn = new Cluster(10, 1, 1000, 1, 8, 10);

    assertThat(MODEL.predict(work, straight).seconds(Stage.FAN_OUT))
        .isCloseTo(0.02 + 1000 * 4e6 / 1e9, within(1e-9));
    assertThat(MODEL.predict(work, shards).seconds(Stage.FAN_OUT))
        .isCloseTo(0.02 + 1000 * 4e6 / 8e9, within(1e-9));
    assertThat(MODEL.predict(work, tree).seconds(Stage.FAN_OUT))
        .isCloseTo(3 * 0.02 + 10 * 4e6 / 1e9, within(1e-9));
    assertThat(MODEL.predict(work, shardedTree).seconds(Stage.FAN_OUT))
        .as("a worker passes on all shards")
        .isCloseTo(3 * 0.02 + 10 * 4e6 / 1e9, within(1e-9));
    assertThat(MODEL.predict(work, nobodyPassesOn).seconds(Stage.FAN_OUT))
        .isCloseTo(0.02 + 4e6 / 500e6, within(1e-9));
  }

  @Test
  void brokerThatIsTooSlowIsTheBottleneck() {
    Costs slow = new Costs(0, 0, 0, 0, 1e9, 0, 1e9, 1e9, 1e6, 1e6);

    Prediction one =
        new ThroughputModel(slow).predict(work(4, "1s", "0ms", 0), Cluster.of(4, 1, 8));
    Prediction three =
        new ThroughputModel(slow)
            .predict(work(4, "1s", "0ms", 0), Cluster.of(4, 1, 8).withBrokers(3));
    Prediction six =
        new ThroughputModel(slow)
            .predict(work(4, "1s", "0ms", 0), Cluster.of(4, 1, 8).withBrokers(6));

    assertThat(one.stepSeconds()).isCloseTo(64, within(1e-9));
    assertThat(one.bottleneck()).isEqualTo(Stage.BROKER);
    assertThat(three.stepSeconds()).as("each has a copy of all").isCloseTo(64, within(1e-9));
    assertThat(six.stepSeconds()).isCloseTo(32, within(1e-9));
  }

  @Test
  void longerRolloutsAreMoreBytes() {
    Costs slow = new Costs(0, 0, 0, 0, 1e9, 0, 1e9, 1e9, 1e6, 1e6);
    Workload longer = generating(16, 16, "0ms", "0ms", "600", 1000);

    Prediction step = new ThroughputModel(slow).predict(longer, Cluster.of(1, 1, 8));

    assertThat(step.stepSeconds()).isCloseTo(16 * (24 + 600) / 64.0, within(1e-9));
  }

  @Test
  void longestResponseOfABatchIsWaitedFor() {
    // The mean of the longest of 16 exponential lengths is 100 times the 16th harmonic number.
    double longest = 338.07;

    assertThat(alone(generating(16, 16, "2s", "10ms", "exponential:100", 100_000)))
        .isCloseTo(2 + longest / 100, within(0.15));
    assertThat(alone(generating(1, 1, "2s", "10ms", "exponential:100", 100_000)))
        .isCloseTo(2 + 1, within(0.15));
    assertThat(alone(generating(16, 16, "2s", "10ms", "exponential:100", 50)))
        .as("cut")
        .isCloseTo(2 + 0.5, within(0.01));
  }

  @Test
  void unequalTimesOfATokenMakeSlowWorkersToo() {
    double fixed = alone(generating(128, 16, "0ms", "10ms", "100", 100));
    double spread = alone(generating(128, 16, "0ms", "exponential:10ms", "100", 100));

    assertThat(fixed).isCloseTo(1, within(1e-9));
    assertThat(spread).isCloseTo(761.0 / 280, within(0.15));
  }

  private static double alone(Workload work) {
    return ThroughputModel.ideal(work, Cluster.of(8, 1, 8)).seconds(Stage.GENERATION);
  }

  private static Workload generating(
      int rollouts, int batch, String ofBatch, String ofToken, String lengths, int most) {
    return new Workload(
        1,
        rollouts,
        batch,
        new GenerationTime(
            Distribution.ofDurations("generate", ofBatch),
            Distribution.ofDurations("token", ofToken),
            Distribution.ofCounts("lengths", lengths),
            24,
            most),
        Distribution.NONE,
        Distribution.NONE,
        0);
  }

  @Test
  void planFindsTheWorkersBetweenTwoPowersOfTwoThatAreFastEnough() {
    ThroughputModel model = new ThroughputModel(Costs.measured());
    Workload work =
        new Workload(
            100_000_000,
            768,
            16,
            GenerationTime.of(Distribution.ofDurations("generate", "20s")),
            Distribution.NONE,
            Distribution.NONE,
            0);

    ClusterPlan plan = ClusterPlan.forTarget(model, work, Cluster.of(1, 1, 8), 8.5);
    ClusterPlan most = ClusterPlan.forTarget(model, work, Cluster.of(1, 1, 8), 1e6);

    assertThat(plan.reached()).isTrue();
    assertThat(plan.cluster().workers()).isEqualTo(24);
    assertThat(most.reached()).isFalse();
    for (int workers = 1; workers <= 48; workers++) {
      assertThat(model.predict(work, most.cluster().withWorkers(workers)).rolloutsPerSecond())
          .as("%d workers", workers)
          .isLessThanOrEqualTo(most.prediction().rolloutsPerSecond());
    }
  }

  @Test
  void planHasBrokersForAllCopies() {
    // 2,000 bytes, three copies of each, half of 50 MB/s of each broker: 24 of them.
    ClusterPlan plan =
        ClusterPlan.forTarget(MODEL, work(64, "1s", "1s", 0), Cluster.of(1, 1, 1), 100_000);

    assertThat(plan.cluster().brokers()).isEqualTo(24);
  }

  @Test
  void planIsTheSmallestClusterThatReachesTheTarget() {
    Workload work = work(64, "1s", "500ms", 0);
    Cluster start = Cluster.of(1, 1, 1);

    ClusterPlan plan = ClusterPlan.forTarget(MODEL, work, start, 300);

    assertThat(plan.reached()).isTrue();
    assertThat(plan.prediction().rolloutsPerSecond()).isGreaterThanOrEqualTo(300);
    assertThat(plan.cluster().partitions()).isGreaterThanOrEqualTo(plan.cluster().workers());
    Cluster fewer =
        new Cluster(plan.cluster().workers() - 1, 1, plan.cluster().workers() - 1, 3, 1, 0);
    assertThat(MODEL.predict(work, fewer).rolloutsPerSecond()).isLessThan(300);
  }

  @Test
  void planThatNoNumberOfWorkersReachesSaysHowFarOneComes() {
    ClusterPlan plan =
        ClusterPlan.forTarget(MODEL, work(64, "1s", "10s", 0), Cluster.of(1, 1, 1), 1000);

    assertThat(plan.reached()).isFalse();
    assertThat(plan.prediction().rolloutsPerSecond()).isLessThan(103);
    assertThat(plan.prediction().bottleneck()).isEqualTo(Stage.LEARNING);
  }

  @Test
  void whatCannotBeIsRefused() {
    assertThatThrownBy(() -> Cluster.of(0, 1, 1)).hasMessage("workers: 0 (expected: at least 1)");
    assertThatThrownBy(
            () ->
                new Workload(
                    1,
                    60,
                    16,
                    GenerationTime.of(Distribution.NONE),
                    Distribution.NONE,
                    Distribution.NONE,
                    0))
        .hasMessage("rollouts of a step: 60 (expected: a multiple of the batch, 16)");
  }
}
