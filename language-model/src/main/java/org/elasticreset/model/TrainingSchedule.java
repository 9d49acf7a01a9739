package org.elasticreset.model;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Counts steps and time of a training: how far it is, when it ends, when a report is due. */
final class TrainingSchedule {

  private static final Duration BETWEEN_REPORTS = Duration.ofSeconds(15);

  private final int plannedEpochs;
  private final @Nullable Duration limit;
  private final int batchSize;
  private final int stepsOfEpoch;
  private final Clock clock;
  private final Instant start;
  private Instant lastReport;
  private int steps;
  private int epochsStarted;
  private double lossSum;
  private int lossCount;
  private double recentLoss = Double.NaN;

  /**
   * @param limit ends the training earlier
   */
  TrainingSchedule(int epochs, @Nullable Duration limit, int samples, int batchSize, Clock clock) {
    this.plannedEpochs = epochs;
    this.limit = limit;
    this.batchSize = batchSize;
    this.stepsOfEpoch = (samples + batchSize - 1) / batchSize;
    this.clock = clock;
    this.start = clock.instant();
    this.lastReport = start;
  }

  /** The samples in a random order, in batches; the last may be smaller. */
  <T> List<List<T>> batches(List<T> samples, SplittableRandom random) {
    epochsStarted++;
    var order =
        Arrays.stream(Shuffle.order(samples.size(), random)).mapToObj(samples::get).toList();
    var batches = new ArrayList<List<T>>();
    for (int from = 0; from < order.size(); from += batchSize) {
      batches.add(order.subList(from, Math.min(order.size(), from + batchSize)));
    }
    return batches;
  }

  /** From 0 to 1, by steps or by time, whichever is further. */
  double progress() {
    double bySteps = (double) steps / ((long) stepsOfEpoch * plannedEpochs);
    double byTime = limit == null ? 0 : (double) elapsed().toMillis() / limit.toMillis();
    return Math.min(1, Math.max(bySteps, byTime));
  }

  boolean finished() {
    return progress() >= 1;
  }

  void stepDone(double loss) {
    steps++;
    lossSum += loss;
    lossCount++;
  }

  /** A report, if one is due: some seconds after the last. */
  Optional<ClassifierTraining.Progress> report(double learningRate) {
    var now = clock.instant();
    if (Duration.between(lastReport, now).compareTo(BETWEEN_REPORTS) < 0 && !finished()) {
      return Optional.empty();
    }
    lastReport = now;
    recentLoss = lossSum / lossCount;
    lossSum = 0;
    lossCount = 0;
    return Optional.of(
        new ClassifierTraining.Progress(
            epochs(), plannedEpochs, recentLoss, learningRate, elapsed()));
  }

  int steps() {
    return steps;
  }

  /** Passes over the data so far, begun ones by their share. */
  double epochs() {
    return (double) steps / stepsOfEpoch;
  }

  int epochsStarted() {
    return epochsStarted;
  }

  double recentLoss() {
    return recentLoss;
  }

  private Duration elapsed() {
    return Duration.between(start, clock.instant());
  }
}
