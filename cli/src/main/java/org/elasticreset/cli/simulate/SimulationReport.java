package org.elasticreset.cli.simulate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A simulation for people and for programs: what was measured, and what the model says of the same.
 *
 * @param predicted with the costs of the machine that is assumed
 * @param ideal of compute alone
 */
public record SimulationReport(
    Workload work, Cluster cluster, Observation seen, Prediction predicted, Prediction ideal) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double MEBI = 1 << 20;

  /** Those that the processors' time is shown for. */
  private static final double CORES = 2;

  /** The phases of the learner, one of which is the wait for all others. */
  private static final List<String> PHASES =
      List.of("waiting", "evaluating", "optimising", "uploading", "checkpointing");

  /** Of the time that compute alone would take, 0 to 1. */
  public double efficiency() {
    return ideal.stepSeconds() / seen.stepSeconds();
  }

  /** Of the predicted time of a step; 0.1: ten per cent too long. */
  public double predictionError() {
    return predicted.stepSeconds() / seen.stepSeconds() - 1;
  }

  /** What a terminal shows. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        text(
            "%d workers, %d scorers, %d partitions; %,d rollouts a step in batches of %d,"
                + " %,d parameters, max-staleness %d",
            cluster.workers(),
            cluster.scorers(),
            cluster.partitions(),
            work.rolloutsPerStep(),
            work.batchSize(),
            work.parameters(),
            work.maxStaleness()));
    lines.add("");
    lines.add(
        text(
            "measured over %d steps: %,.1f rollouts/s, a step %.3f s",
            seen.steps(), seen.rolloutsPerSecond(), seen.stepSeconds()));
    for (String phase : PHASES) {
      lines.add(
          text(
              "  learner %-14s %8.3f s a step  %4.0f %%",
              phase, seen.phase(phase), 100 * seen.phase(phase) / seen.stepSeconds()));
    }
    new TreeMap<>(seen.processes())
        .forEach(
            (kind, busy) ->
                lines.add(
                    text(
                        "  %-22s %8.3f s a batch %4.0f %% busy",
                        kind + ", " + busy.processes(),
                        busy.secondsPerBatch(),
                        100 * busy.share())));
    addWeights(lines);
    addTopics(lines);
    lines.add("");
    lines.add(
        text(
            "computed: compute alone would take %.3f s a step, so this is %.0f %% of what is possible",
            ideal.stepSeconds(), 100 * efficiency()));
    lines.add(
        text(
            "  the model says %.3f s (%+.0f %%); bottleneck %s, then %s",
            predicted.stepSeconds(),
            100 * predictionError(),
            predicted.bottleneck().label(),
            predicted.nextBottleneck().label()));
    return List.copyOf(lines);
  }

  private void addTopics(List<String> lines) {
    lines.add(
        text(
            "  topics                 %8.2f MiB/s, %.0f bytes a rollout; behind, on average: %s",
            seen.kafka().bytes() / seen.seconds() / MEBI,
            seen.kafka().bytes() / seen.rollouts(),
            new TreeMap<>(seen.kafka().lags())
                .entrySet().stream()
                    .map(lag -> text("%.1f batches of %s", lag.getValue(), lag.getKey()))
                    .collect(Collectors.joining(", "))));
    lines.add(
        text(
            "  processors             %8.0f us a rollout, %,.0f rollouts/s on two cores: %s",
            1e6 * seen.cpuSecondsPerRollout(),
            CORES / seen.cpuSecondsPerRollout(),
            new TreeMap<>(seen.cpu())
                .entrySet().stream()
                    .map(cpu -> text("%s %.0f us", cpu.getKey(), 1e6 * cpu.getValue()))
                    .collect(Collectors.joining(", "))));
    lines.add(
        text(
            "  rollouts: admitted %,d, received %,d, trained %,d, dropped copies %,d; resets %d,"
                + " restarts %d, dead letters %d",
            seen.books().admitted(),
            seen.books().received(),
            seen.books().trained(),
            seen.books().dropped(),
            seen.books().resets(),
            seen.books().restarts(),
            seen.books().deadLetters()));
  }

  private void addWeights(List<String> lines) {
    Observation.WeightsSeen weights = seen.weights();
    double bytes = work.weightBytes();
    lines.add(
        text(
            "  weights                %8.3f s a fetch, %.0f MiB/s to a worker, %.0f MiB/s sent in all",
            weights.fetchSeconds(),
            weights.fetchSeconds() == 0 ? 0 : bytes / weights.fetchSeconds() / MEBI,
            weights.sentBytes() / seen.seconds() / MEBI));
    double through = seen.phase("uploading") + seen.phase("checkpointing");
    lines.add(
        text(
            "  average                %8.3f s of uploading and checkpoints, %.0f MiB/s; %.3f s an"
                + " update, %.3f s a snapshot",
            through,
            through == 0 ? 0 : bytes / through / MEBI,
            weights.updateSeconds(),
            weights.snapshotSeconds()));
  }

  /** Everything, for programs. */
  public String json() {
    ObjectNode root = JSON.createObjectNode();
    root.set("work", JSON.valueToTree(work));
    root.set("cluster", JSON.valueToTree(cluster));
    root.set("measured", JSON.valueToTree(seen));
    ObjectNode computed = root.putObject("computed");
    computed.set("predicted_seconds", JSON.valueToTree(predicted.seconds()));
    figures().forEach(computed::put);
    computed.put("bottleneck", predicted.bottleneck().label());
    computed.put("next_bottleneck", predicted.nextBottleneck().label());
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A header and a line. */
  public String csv() {
    Map<String, String> columns = new LinkedHashMap<>();
    columns.put("workers", String.valueOf(cluster.workers()));
    columns.put("scorers", String.valueOf(cluster.scorers()));
    columns.put("partitions", String.valueOf(cluster.partitions()));
    columns.put("parameters", String.valueOf(work.parameters()));
    columns.put("rollouts_per_step", String.valueOf(work.rolloutsPerStep()));
    columns.put("batch_size", String.valueOf(work.batchSize()));
    columns.put("max_staleness", String.valueOf(work.maxStaleness()));
    figures().forEach((name, value) -> columns.put(name, text("%.6g", value)));
    PHASES.forEach(
        phase -> columns.put("learner_" + phase + "_seconds", text("%.6g", seen.phase(phase))));
    return String.join(",", columns.keySet()) + "\n" + String.join(",", columns.values()) + "\n";
  }

  private Map<String, Double> figures() {
    Map<String, Double> figures = new LinkedHashMap<>();
    figures.put("rollouts_per_second", seen.rolloutsPerSecond());
    figures.put("step_seconds", seen.stepSeconds());
    figures.put("ideal_step_seconds", ideal.stepSeconds());
    figures.put("efficiency", efficiency());
    figures.put("predicted_step_seconds", predicted.stepSeconds());
    figures.put("prediction_error", predictionError());
    return figures;
  }

  private static String text(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
