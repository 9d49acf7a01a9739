package org.elasticreset.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.elasticreset.cli.simulate.Cluster;
import org.elasticreset.cli.simulate.Costs;
import org.elasticreset.cli.simulate.GenerationTime;
import org.elasticreset.cli.simulate.Workload;
import org.elasticreset.model.simulated.Distribution;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What is simulated, or planned: the work of a step and the cluster that does it. */
final class SimulateOptions {
  private static final Pattern COUNT = Pattern.compile("(\\d+(?:\\.\\d+)?)([kMBT]?)");
  private static final Map<String, Double> FACTORS =
      Map.of("", 1.0, "k", 1e3, "M", 1e6, "B", 1e9, "T", 1e12);
  private static final List<String> TIMES = List.of("generate", "token", "score", "learn");

  @Option(names = "--workers", paramLabel = "N", description = "Rollout workers (default: 2).")
  private int workers = 2;

  @Option(names = "--scorers", paramLabel = "N", description = "Reward-services (default: 1).")
  private int scorers = 1;

  @Option(
      names = "--partitions",
      paramLabel = "N",
      description = "Of prompts, rollouts and scored-rollouts each (default: 8).")
  private int partitions = 8;

  @Option(
      names = "--parameters",
      paramLabel = "N",
      description = "Weights that travel, such as 1M or 70B (default: 1M).")
  private String parameters = "1M";

  @Option(
      names = "--prompts-per-step",
      paramLabel = "N",
      description = "Rollouts of a training step (default: 64).")
  private int promptsPerStep = 64;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Rollouts that a worker generates in one call (default: 16).")
  private int batch = 16;

  @Option(
      names = "--latency",
      paramLabel = "STAGE=TIME",
      arity = "1..*",
      description =
          "What compute takes: generate and score of a batch, token of each token of the longest"
              + " response of a batch, learn of a step. Such as generate=lognormal:500ms,0.5 (mean,"
              + " and the standard deviation of its logarithm), score=exponential:20ms, learn=1s."
              + " Default: nothing. Repeatable.")
  private Map<String, String> latency = Map.of();

  @Option(
      names = "--response-tokens",
      paramLabel = "N",
      description = "Of a response: 40, or lognormal:200,0.6 (default: --max-new-tokens).")
  private @Nullable String responseTokens;

  @Option(
      names = "--max-new-tokens",
      paramLabel = "N",
      description = "Of a response, at most (default: 40).")
  private int maxNewTokens = 40;

  @Option(
      names = "--prompt-tokens",
      paramLabel = "N",
      description = "Of a prompt, of four letters each (default: 24).")
  private int promptTokens = 24;

  @Option(
      names = "--max-staleness",
      paramLabel = "0|1",
      description = "0: generation waits for learning; 1: they overlap (default: 0).")
  private int maxStaleness;

  @Option(
      names = "--costs",
      paramLabel = "FILE",
      description =
          "What messaging and weights cost, as JSON, for predictions (default: as measured in"
              + " docs/scaling.md).")
  private @Nullable Path costs;

  int workers() {
    return workers;
  }

  int scorers() {
    return scorers;
  }

  int partitions() {
    return partitions;
  }

  int promptsPerStep() {
    return promptsPerStep;
  }

  int batch() {
    return batch;
  }

  int maxNewTokens() {
    return maxNewTokens;
  }

  int promptTokens() {
    return promptTokens;
  }

  int maxStaleness() {
    return maxStaleness;
  }

  /** In words, as the services take it; null: the longest. */
  @Nullable String responseTokens() {
    return responseTokens;
  }

  /** In words, as the services take it; null: nothing. */
  @Nullable String time(String stage) {
    return latency.get(stage);
  }

  long parameters() {
    Matcher count = COUNT.matcher(parameters);
    double value =
        count.matches()
            ? Double.parseDouble(count.group(1)) * FACTORS.getOrDefault(count.group(2), 1.0)
            : 0;
    if (value < 1) {
      throw InvalidInputException.of("--parameters", parameters, "a number such as 1M or 70B");
    }
    return Math.round(value);
  }

  Cluster cluster() {
    return saying(() -> Cluster.of(workers, scorers, partitions));
  }

  Costs costs() {
    return saying(() -> costs == null ? Costs.measured() : Costs.read(costs));
  }

  /**
   * The work of a step.
   *
   * @throws InvalidInputException naming the option that cannot be
   */
  Workload workload() {
    for (String stage : latency.keySet()) {
      if (!TIMES.contains(stage)) {
        throw InvalidInputException.of("--latency", stage, String.join(", ", TIMES));
      }
    }
    if (maxStaleness < 0) {
      throw InvalidInputException.of("--max-staleness", maxStaleness, "0 or more");
    }
    if (maxNewTokens < 1 || promptTokens < 1) {
      throw InvalidInputException.of(
          "--max-new-tokens, --prompt-tokens",
          maxNewTokens + ", " + promptTokens,
          "at least 1 each");
    }
    return saying(
        () -> {
          String lengths = responseTokens == null ? String.valueOf(maxNewTokens) : responseTokens;
          return new Workload(
              parameters(),
              promptsPerStep,
              batch,
              new GenerationTime(
                  times("generate"),
                  times("token"),
                  Distribution.ofCounts("--response-tokens", lengths),
                  promptTokens,
                  maxNewTokens),
              times("score"),
              times("learn"),
              maxStaleness);
        });
  }

  private Distribution times(String stage) {
    String text = latency.get(stage);
    return text == null ? Distribution.NONE : Distribution.ofDurations("--latency " + stage, text);
  }

  private static <T> T saying(Supplier<T> checked) {
    try {
      return checked.get();
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(String.valueOf(e.getMessage()));
    }
  }
}
