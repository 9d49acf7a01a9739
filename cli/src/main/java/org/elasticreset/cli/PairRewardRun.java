package org.elasticreset.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import org.elasticreset.model.ClassifierTraining.Origin;
import org.elasticreset.model.ClusteredShare;
import org.elasticreset.model.PreferenceFigures;
import org.elasticreset.model.PreferenceTraining;
import org.elasticreset.model.PreferenceTraining.Settings;
import org.elasticreset.model.text.DataSplit;
import org.elasticreset.model.text.PreferencePair;
import org.elasticreset.model.text.PreferencePairs;
import org.jspecify.annotations.Nullable;

/** {@code train-reward --pairs}: reads preferences, trains on them and says what came of it. */
record PairRewardRun(
    PreferencePairs columns,
    List<Path> files,
    @Nullable Path heldOut,
    double heldOutShare,
    Settings settings,
    Origin origin,
    Path output,
    PrintWriter out) {

  /** Trains, and answers the exit code. */
  int run() {
    var data = read();
    say(
        "%,d pairs to train on, %,d held out%s",
        data.training().size(),
        data.heldOut().size(),
        data.removed() == 0
            ? ""
            : "; %,d left out, since their prompts are held out".formatted(data.removed()));
    var training =
        new PreferenceTraining(
            data, settings, origin, output, Clock.systemUTC(), line -> say("%s", line));
    return StoppableTraining.run(
        () -> say(training.run()), training::stop, words -> say("%s", words));
  }

  private void say(PreferenceTraining.Result result) {
    if (result.cutTexts() > 0) {
      say("%,d texts are longer than the model reads, and were cut", result.cutTexts());
    }
    say(result.heldOut());
  }

  private DataSplit<PreferencePair> read() {
    var pairs = columns.read(files);
    if (heldOut != null) {
      return DataSplit.of(pairs, columns.read(List.of(heldOut)), PreferencePair::prompt);
    }
    return DataSplit.of(
        pairs, PreferencePair::prompt, PreferencePair::split, heldOutShare, settings.seed());
  }

  private void say(PreferenceFigures figures) {
    say("%s: accuracy %s on held-out pairs", output, text(figures.accuracy()));
    say("the longer answer is better: %s", text(figures.length()));
    figures
        .alike()
        .ifPresent(
            alike ->
                say(
                    "accuracy where one answer is at most %.2f times as long as the other: %s",
                    PreferenceFigures.ALIKE, text(alike)));
    say("%s", figures.verdict());
  }

  private static String text(ClusteredShare share) {
    return String.format(
        Locale.ROOT,
        "%.1f %% (95 %% interval %.1f to %.1f; %,d pairs of %,d prompts)",
        100 * share.share(),
        100 * share.interval().low(),
        100 * share.interval().high(),
        share.trials(),
        share.clusters());
  }

  private void say(String format, Object... arguments) {
    out.println(String.format(Locale.ROOT, format, arguments));
    out.flush();
  }
}
