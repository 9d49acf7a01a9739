package org.elasticreset.cli.simulate;

import java.util.Map;
import java.util.TreeMap;

/**
 * What was seen of a simulation, from the end of its warm-up to that of its last step.
 *
 * @param phases seconds of a step that the learner spent on each, by name
 * @param processes by kind, how busy they were
 * @param cpu seconds that processors worked for a rollout, by kind of process
 * @param weights on their way
 * @param kafka what the broker had to do
 * @param books of the whole run, warm-up included
 */
public record Observation(
    int steps,
    double seconds,
    long rollouts,
    Map<String, Double> phases,
    Map<String, Busy> processes,
    Map<String, Double> cpu,
    WeightsSeen weights,
    KafkaSeen kafka,
    Books books) {

  public Observation {
    phases = Map.copyOf(new TreeMap<>(phases));
    processes = Map.copyOf(new TreeMap<>(processes));
    cpu = Map.copyOf(cpu);
  }

  /**
   * Processes of a kind.
   *
   * @param share of their time that they computed, 0 to 1
   * @param secondsPerBatch on average
   */
  public record Busy(int processes, double share, double secondsPerBatch, double batches) {}

  /**
   * Weights.
   *
   * @param fetchSeconds of a worker, on average
   * @param fetches of all workers
   * @param sentBytes by the ema-service
   * @param receivedBytes by the ema-service
   * @param updateSeconds from the last chunk of an update until its version is in place
   * @param snapshotSeconds of one snapshot
   */
  public record WeightsSeen(
      double fetchSeconds,
      double fetches,
      double sentBytes,
      double receivedBytes,
      double updateSeconds,
      double snapshotSeconds) {}

  /**
   * Kafka.
   *
   * @param bytes that were written to the run's topics
   * @param lags records that were not acknowledged, mean over samples, by group
   */
  public record KafkaSeen(double bytes, Map<String, Double> lags) {

    public KafkaSeen {
      lags = Map.copyOf(lags);
    }
  }

  /** What became of rollouts and processes; the first four add up as in docs/metrics.md. */
  public record Books(
      long admitted,
      long received,
      long trained,
      long dropped,
      int resets,
      int restarts,
      int deadLetters) {}

  /** From one step to the next. */
  public double stepSeconds() {
    return seconds / steps;
  }

  /** At which rollouts were trained on. */
  public double rolloutsPerSecond() {
    return rollouts / seconds;
  }

  /** Of all processes: what one core would take for a rollout, if nothing were waited for. */
  public double cpuSecondsPerRollout() {
    return cpu.values().stream().mapToDouble(Double::doubleValue).sum();
  }

  /** Of the learner, of a step. */
  public double phase(String name) {
    return phases.getOrDefault(name, 0.0);
  }
}
