package org.elasticreset.cli.simulate;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Computed clusters, a line for each. */
public final class PlanTable {

  private static final String HEADER =
      "%8s %8s %11s %8s %11s %10s %10s %10s %10s %10s %10s  %-12s %s";
  private static final String ROW =
      "%,8d %,8d %,11d %,8d %,11.1f %9.0f%% %10.3f %10.3f %10.3f %10.3f %10.3f  %-12s %s";

  private final List<String> rows = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  /** A cluster, what a step takes on it, and what compute alone would take. */
  public void add(Cluster cluster, Prediction step, Prediction ideal) {
    rows.add(
        text(
            ROW,
            cluster.workers(),
            cluster.scorers(),
            cluster.partitions(),
            cluster.brokers(),
            step.rolloutsPerSecond(),
            100 * ideal.stepSeconds() / step.stepSeconds(),
            step.stepSeconds(),
            step.seconds(Stage.GENERATION),
            step.seconds(Stage.FAN_OUT),
            step.seconds(Stage.LEARNING),
            step.seconds(Stage.AVERAGING),
            step.bottleneck().label(),
            step.nextBottleneck().label()));
  }

  /** A remark below. */
  public void note(String words) {
    notes.add(words);
  }

  /** What a terminal shows. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        text(
            HEADER,
            "workers",
            "scorers",
            "partitions",
            "brokers",
            "rollouts/s",
            "of ideal",
            "step s",
            "generate s",
            "fan-out s",
            "learn s",
            "average s",
            "bottleneck",
            "then"));
    lines.addAll(rows);
    lines.addAll(notes);
    return List.copyOf(lines);
  }

  private static String text(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
