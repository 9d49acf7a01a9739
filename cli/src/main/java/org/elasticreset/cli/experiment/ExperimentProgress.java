package org.elasticreset.cli.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.elasticreset.cli.Figures;
import org.elasticreset.cli.RecordedRun;
import org.elasticreset.cli.Terminal;

/** Says which run of how many is under way, and how long the rest will take. */
final class ExperimentProgress {
  private final Terminal terminal;
  private final LongSupplier nanoTime;
  private final long begin;
  private final int runs;
  private final Map<ArmRun, Long> underWay = new LinkedHashMap<>();
  private final Map<ArmRun, Long> stepsBefore = new LinkedHashMap<>();
  private int done;
  private long stepsLeftAtFirst;
  private long stepsDone;

  /**
   * Of an experiment.
   *
   * @param kept runs that had finished before
   * @param missing the runs that this launcher is to live
   */
  ExperimentProgress(Terminal terminal, int kept, List<ArmRun> missing, LongSupplier nanoTime) {
    this.terminal = terminal;
    this.nanoTime = nanoTime;
    this.begin = nanoTime.getAsLong();
    this.runs = kept + missing.size();
    this.done = kept;
    for (ArmRun run : missing) {
      long before = StepsDone.of(run.run().directory().metrics());
      stepsBefore.put(run, before);
      stepsLeftAtFirst += run.run().steps() - before;
    }
  }

  synchronized void begins(ArmRun run) {
    underWay.put(run, nanoTime.getAsLong());
    terminal.line(
        "run %d of %d: %s%s"
            .formatted(
                done + underWay.size(),
                runs,
                run.name(),
                stepsBefore.getOrDefault(run, 0L) > 0
                    ? ", on from step " + stepsBefore.get(run)
                    : ""));
  }

  synchronized void finished(ArmRun run) {
    Duration taken = end(run);
    done++;
    terminal.line(
        "%s finished after %s: %s%s".formatted(run.name(), time(taken), outcome(run), timeLeft()));
  }

  synchronized void failed(ArmRun run, String problem) {
    Duration taken = end(run);
    done++;
    terminal.problem("%s failed after %s: %s".formatted(run.name(), time(taken), problem));
  }

  synchronized void interrupted(ArmRun run) {
    end(run);
    terminal.line("%s was stopped behind step %d".formatted(run.name(), steps(run)));
  }

  synchronized void tick() {
    String now =
        underWay.keySet().stream()
            .map(run -> "%s %d/%d".formatted(run.name(), steps(run), run.run().steps()))
            .collect(Collectors.joining(", "));
    terminal.status("%d of %d runs done; %s%s".formatted(done, runs, now, timeLeft()));
  }

  private Duration end(ArmRun run) {
    long begun = underWay.getOrDefault(run, begin);
    underWay.remove(run);
    stepsDone += steps(run) - stepsBefore.getOrDefault(run, 0L);
    return Duration.ofNanos(nanoTime.getAsLong() - begun);
  }

  /** From the time that the steps so far took, start-up included; nothing before the first. */
  private String timeLeft() {
    long steps = stepsDone;
    for (ArmRun run : underWay.keySet()) {
      steps += steps(run) - stepsBefore.getOrDefault(run, 0L);
    }
    long left = stepsLeftAtFirst - steps;
    if (steps <= 0 || left <= 0) {
      return "";
    }
    double perStep = (nanoTime.getAsLong() - begin) / (double) steps;
    return "; about " + time(Duration.ofNanos(Math.round(perStep * left))) + " left";
  }

  private static long steps(ArmRun run) {
    return StepsDone.of(run.run().directory().metrics());
  }

  private static String outcome(ArmRun run) {
    List<JsonNode> evaluations = RecordedRun.read(run.run().directory()).events("evaluation");
    if (evaluations.isEmpty()) {
      return "no evaluation";
    }
    List<String> words = new ArrayList<>();
    JsonNode first = evaluations.get(0);
    JsonNode last = evaluations.get(evaluations.size() - 1);
    words.add(
        "reward %s → %s".formatted(figure(first, "reward_mean"), figure(last, "reward_mean")));
    words.add("KL " + Figures.of(last.path("kl_to_initial_nats").asDouble(), 1));
    return String.join(", ", words);
  }

  private static String figure(JsonNode evaluation, String field) {
    return Figures.of(evaluation.path(field).asDouble(), 3);
  }

  static String time(Duration time) {
    return time.toHours() > 0
        ? String.format(Locale.ROOT, "%d h %02d min", time.toHours(), time.toMinutesPart())
        : String.format(Locale.ROOT, "%d:%02d min", time.toMinutes(), time.toSecondsPart());
  }
}
