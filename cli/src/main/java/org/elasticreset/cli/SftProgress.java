package org.elasticreset.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import org.elasticreset.model.LanguageModelTraining;
import org.elasticreset.model.TrainingRecord;

/** Shows how a training goes: a line that changes on a terminal, one now and then elsewhere. */
final class SftProgress implements LanguageModelTraining.Listener {

  private final Terminal terminal;
  private final InstantSource clock;
  private final Duration betweenLines;
  private Instant lastLine;

  SftProgress(Terminal terminal, InstantSource clock, Duration betweenLines) {
    this.terminal = terminal;
    this.clock = clock;
    this.betweenLines = betweenLines;
    this.lastLine = clock.instant();
  }

  @Override
  public void stepped(LanguageModelTraining.Progress progress) {
    var line =
        String.format(
            Locale.ROOT,
            "step %,d  %.0f %%  loss %.3f  learning rate %.2e  %,.0f tokens/s  %s left",
            progress.step(),
            100 * progress.spent(),
            progress.loss(),
            progress.learningRate(),
            progress.tokensPerSecond(),
            time(progress.left()));
    terminal.status(line);
    if (!terminal.interactive() && !clock.instant().isBefore(lastLine.plus(betweenLines))) {
      terminal.line(line);
      lastLine = clock.instant();
    }
  }

  @Override
  public void measured(TrainingRecord.Point point, boolean kept) {
    terminal.line(
        String.format(
            Locale.ROOT,
            "step %,d  held-out loss %.4f, perplexity %.2f, %.4f bits per byte%s",
            point.step(),
            point.heldOut().natsPerToken(),
            point.heldOut().perplexity(),
            point.heldOut().bitsPerByte(),
            kept ? ", kept" : ""));
  }

  private static String time(Duration left) {
    return left.toHours() > 0
        ? "%d h %02d min".formatted(left.toHours(), left.toMinutesPart())
        : "%d min %02d s".formatted(left.toMinutes(), left.toSecondsPart());
  }
}
