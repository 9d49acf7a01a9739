package org.elasticreset.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.elasticreset.proto.v1.AuditEvent;
import org.elasticreset.proto.v1.EvaluationMetrics;
import org.elasticreset.proto.v1.ResetEvent;
import org.elasticreset.proto.v1.ResetTo;
import org.elasticreset.proto.v1.StepMetrics;
import org.elasticreset.proto.v1.TrainingEvent;

/** Says how far a run is: a bar on a terminal, a line for each event elsewhere. */
final class RunProgress {
  private static final int BAR_CELLS = 20;

  /** More of them say nothing new. */
  private static final int DEAD_LETTERS_SHOWN = 10;

  private final Terminal terminal;
  private final Path run;
  private final int steps;
  private final LongSupplier nanoTime;
  private long firstStepNanos;
  private long firstStep = -1;
  private int deadLetters;

  /**
   * Shows a run.
   *
   * @param run its directory, for the commands that it names
   */
  RunProgress(Terminal terminal, Path run, int steps, LongSupplier nanoTime) {
    this.terminal = terminal;
    this.run = run;
    this.steps = steps;
    this.nanoTime = nanoTime;
  }

  void waitingFor(List<String> services) {
    terminal.status("waiting for " + String.join(", ", services));
  }

  void ready(Duration taken) {
    terminal.line(format("all services are ready after %.1f s", taken.toMillis() / 1000.0));
    terminal.status("waiting for the first event");
  }

  /** A service died, and is started again after a while. */
  void startingAgain(String service, int exitCode, Duration delay) {
    terminal.line(
        service
            + " "
            + ServiceExit.words(exitCode)
            + (delay.isZero()
                ? "; starting it again"
                : format("; starting it again in %.1f s", delay.toMillis() / 1000.0)));
  }

  /** A service lives, says that it is down, and is ended. */
  void down(String service) {
    terminal.line(service + " says that it is down, see its log; ending it");
  }

  /** A service that had died is at work again. */
  void readyAgain(String service, Duration taken) {
    terminal.line(format("%s is ready again after %.1f s", service, taken.toMillis() / 1000.0));
  }

  /** What earlier lives of the run have done is known. */
  void goingOn(int events, long step) {
    terminal.line(format("going on: %d events are recorded, the last of step %d", events, step));
  }

  /** What no service could use; if it is work of the run, the run waits until one can. */
  void show(DeadLetter letter) {
    deadLetters++;
    if (deadLetters <= DEAD_LETTERS_SHOWN) {
      terminal.line("dead letter of " + letter.topic() + ": " + letter.reason());
    } else if (deadLetters == DEAD_LETTERS_SHOWN + 1) {
      terminal.line("more dead letters; the topic dead-letters has them all, with their reasons");
    }
  }

  void show(TrainingEvent event) {
    switch (event.getEventCase()) {
      case TRAINING_STEP -> showStep(event, event.getTrainingStep());
      case EVALUATION -> terminal.line(evaluation(event.getStep(), event.getEvaluation()));
      case RESET ->
          terminal.line(
              format(
                  "reset after step %d (%s): epoch %d begins, %s",
                  event.getStep(),
                  event.getReset().getReason(),
                  event.getResetEpoch(),
                  adopted(event.getReset())));
      case UPDATE_DISCARDED ->
          terminal.line(
              format(
                  "update of step %d discarded (%s); its batch: %s",
                  event.getStep(),
                  event.getUpdateDiscarded().getReason(),
                  event.getUpdateDiscarded().getBatchFile()));
      case AUDIT -> terminal.line(audit(event.getAudit()));
      case RUN_ENDED, EVENT_NOT_SET -> terminal.clearStatus();
    }
  }

  private String audit(AuditEvent audit) {
    String words =
        audit.getAction().replace('-', ' ')
            + " by "
            + audit.getWho()
            + (audit.getWhy().isBlank() ? "" : ": " + audit.getWhy());
    return audit.getAction().equals("reset-proposed")
        ? words
            + "; to decide: ./elastic-reset operate %s approve (or refuse) --by NAME --reason TEXT"
                .formatted(ShellWord.of(run.toString()))
        : words;
  }

  private static String adopted(ResetEvent reset) {
    return reset.getTo() == ResetTo.RESET_TO_INITIAL
        ? "with the initial policy again"
        : format(
            "%.1f %% of the adopted average is the initial policy", 100 * reset.getInitialShare());
  }

  private void showStep(TrainingEvent event, StepMetrics step) {
    if (firstStep < 0) {
      firstStep = event.getStep();
      firstStepNanos = nanoTime.getAsLong();
    }
    String figures =
        format(
            "step %d/%d  reward %.3f  KL %s  version %d  epoch %d  %.0f tokens/s%s",
            event.getStep(),
            steps,
            step.getRewardMean(),
            Figures.of(step.getKlToInitialNats(), 2),
            event.getPolicyVersion(),
            event.getResetEpoch(),
            step.getTokensPerSecond(),
            timeLeft(event.getStep()));
    if (terminal.interactive()) {
      terminal.status(bar(event.getStep()) + " " + figures);
    } else {
      terminal.line(figures);
    }
  }

  /** From the mean time of the steps so far; nothing before two of them are known. */
  private String timeLeft(long step) {
    if (step <= firstStep) {
      return "";
    }
    double perStep = (nanoTime.getAsLong() - firstStepNanos) / (double) (step - firstStep);
    return "  " + minutes(Duration.ofNanos(Math.round(perStep * (steps - step)))) + " left";
  }

  private String bar(long step) {
    // Whoever writes to the topic may write any step.
    int full = (int) Math.max(0, Math.min(BAR_CELLS, BAR_CELLS * step / steps));
    return "█".repeat(full) + "░".repeat(BAR_CELLS - full);
  }

  private static String evaluation(long step, EvaluationMetrics evaluation) {
    StringBuilder text =
        new StringBuilder(
            format("evaluation at step %d: reward %.3f", step, evaluation.getRewardMean()));
    if (evaluation.hasJudgeMean()) {
      text.append(format("  judge %.3f", evaluation.getJudgeMean()));
    }
    if (evaluation.hasBleuTask()) {
      text.append(format("  BLEU task %.1f", evaluation.getBleuTask()));
    }
    if (evaluation.hasBleuDrift()) {
      text.append(format("  BLEU drift %.1f", evaluation.getBleuDrift()));
    }
    text.append("  KL ").append(Figures.of(evaluation.getKlToInitialNats(), 2));
    if (evaluation.hasPerplexityHumanText()) {
      text.append(format("  perplexity %.2f", evaluation.getPerplexityHumanText()));
    }
    return text.append(format("  distinct-2 %.2f", evaluation.getDistinct2())).toString();
  }

  static String minutes(Duration time) {
    return format("%d:%02d", time.toMinutes(), time.toSecondsPart());
  }

  static String format(String pattern, Object... values) {
    return String.format(Locale.ROOT, pattern, values);
  }
}
