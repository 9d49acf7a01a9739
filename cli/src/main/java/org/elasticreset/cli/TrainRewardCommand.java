package org.elasticreset.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.elasticreset.model.ClassifierTraining;
import org.elasticreset.model.ClassifierTraining.Architecture;
import org.elasticreset.model.ClassifierTraining.Origin;
import org.elasticreset.model.ClassifierTraining.Settings;
import org.elasticreset.model.EncoderConfig;
import org.elasticreset.model.Engine;
import org.elasticreset.model.PreferenceTraining;
import org.elasticreset.model.files.ModelFormatException;
import org.elasticreset.model.text.LabelledText;
import org.elasticreset.model.text.LabelledTexts;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code train-reward}: labelled texts or preference pairs → a classifier's model directory. */
@Command(
    name = "train-reward",
    mixinStandardHelpOptions = true,
    description = {
      "Trains a model for rewards or as a judge: a text classifier on labelled texts (--data), or",
      "a reward model on pairs of a better and a worse answer (--pairs; Bradley and Terry)."
    })
final class TrainRewardCommand implements Callable<Integer> {

  private static final int PAIR_EPOCHS = 1;

  @Spec private CommandSpec spec;

  @ArgGroup(multiplicity = "1")
  private Source source = new Source();

  static final class Source {
    @Option(
        names = "--data",
        description = "Labelled texts to learn from: .tsv or .jsonl, also with .gz.")
    private @Nullable Path data;

    @Option(
        names = "--pairs",
        arity = "1..*",
        paramLabel = "FILE",
        description = "Preference pairs to learn from instead: .jsonl or .tsv, also with .gz.")
    private List<Path> pairs = List.of();
  }

  @Option(
      names = "--held-out",
      description = {
        "Texts or pairs to measure the accuracy on, in the same form; never trained on.",
        "Pairs without it: rows of which the column 'split' says test, or else a share of the"
            + " prompts."
      })
  private @Nullable Path heldOut;

  @Mixin private PairRewardOptions pairs = new PairRewardOptions();

  @Option(names = "--output", required = true, description = "Model directory to write.")
  private Path output;

  @Option(
      names = "--data-note",
      paramLabel = "TEXT",
      defaultValue = "Not described.",
      description = "What the model card says about the data: its name, source and licence.")
  private String dataNote;

  @Option(
      names = "--text-column",
      defaultValue = "text",
      description =
          "Column of the text: a name, or from 1 if a TSV has no header (default:"
              + " ${DEFAULT-VALUE}).")
  private String textColumn;

  @Option(
      names = "--label-column",
      defaultValue = "label",
      description = "Column of the label (default: ${DEFAULT-VALUE}).")
  private String labelColumn;

  @Option(
      names = "--rename-label",
      paramLabel = "IN-FILE=IN-MODEL",
      description = "Names a label of the file otherwise, e.g. neg=NEGATIVE; may be repeated.")
  private Map<String, String> renames = new LinkedHashMap<>();

  @Option(
      names = "--architecture",
      defaultValue = "encoder",
      description = "encoder (a transformer) or ngram (linear, fast) (default: ${DEFAULT-VALUE}).")
  private String architecture;

  @Option(
      names = "--epochs",
      description = "Passes over the data (default: encoder 12, ngram 3, pairs 1).")
  private @Nullable Integer epochs;

  @Option(
      names = "--minutes",
      description =
          "Ends the training of an encoder after this time at the latest; then not reproducible.")
  private @Nullable Double minutes;

  @Option(names = "--seed", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--threads",
      description = "Threads of one numeric operation (default: one a core).")
  private @Nullable Integer threads;

  @Option(names = "--vocabulary", defaultValue = "8000", description = "Tokens of an encoder.")
  private int vocabulary;

  @Option(names = "--positions", defaultValue = "512", description = "Longest input of an encoder.")
  private int positions;

  @Option(names = "--width", defaultValue = "128", description = "Width of an encoder.")
  private int width;

  @Option(names = "--layers", defaultValue = "2", description = "Layers of an encoder.")
  private int layers;

  @Option(names = "--heads", defaultValue = "4", description = "Attention heads of an encoder.")
  private int heads;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    try {
      if (threads != null) {
        Engine.useThreads(threads);
      }
      requireNew(output);
      if (source.data == null) {
        return pairRun(out).run();
      }
      if (heldOut == null) {
        throw new IllegalArgumentException(
            "--held-out: missing (expected: a file of texts to measure the accuracy on)");
      }
      var settings = settings();
      var all = read(source.data);
      var unseen = read(heldOut);
      var training =
          new ClassifierTraining(
              without(unseen, all, out),
              unseen,
              settings,
              new Origin(dataNote, rebuildCommand()),
              output,
              Clock.systemUTC(),
              line -> say(line, out));
      return StoppableTraining.run(
          () -> say(training.run(), out), training::stop, words -> say(words, out));
    } catch (ModelFormatException | IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private void say(ClassifierTraining.Result result, PrintWriter out) {
    say(
        String.format(
            Locale.ROOT,
            "%s: accuracy %.2f %% on %,d held-out texts, %.2f %% on their first %d words",
            output,
            100 * result.accuracy(),
            result.heldOutTexts(),
            100 * result.shortTextAccuracy(),
            ClassifierTraining.SHORT_TEXT_WORDS),
        out);
  }

  private static void say(String line, PrintWriter out) {
    out.println(line);
    out.flush();
  }

  private PairRewardRun pairRun(PrintWriter out) {
    if (!architecture.equals("encoder")) {
      throw new IllegalArgumentException(
          "--architecture: " + architecture + " (expected: encoder, or --model, for pairs)");
    }
    var settings =
        new PreferenceTraining.Settings(
            pairs.template(),
            pairs.model(),
            sizes(),
            epochs == null ? PAIR_EPOCHS : epochs,
            limit(),
            pairs.batchSize(),
            pairs.microBatchSize(),
            pairs.learningRate(),
            pairs.weightDecay(),
            pairs.dropout(),
            seed);
    return new PairRewardRun(
        pairs.columns(),
        source.pairs,
        heldOut,
        pairs.heldOutShare(),
        settings,
        new Origin(dataNote, rebuildCommand()),
        output,
        out);
  }

  /** As {@code sft} does: hours of training are not overwritten. */
  private static void requireNew(Path output) {
    if (Files.exists(output.resolve("config.json"))) {
      throw new IllegalArgumentException(
          "--output: " + output + " holds a model (expected: another directory)");
    }
  }

  private Settings settings() {
    var kind =
        switch (architecture) {
          case "encoder" -> Architecture.ENCODER;
          case "ngram" -> Architecture.NGRAM;
          default ->
              throw new IllegalArgumentException(
                  "architecture: " + architecture + " (expected: encoder or ngram)");
        };
    int passes = epochs != null ? epochs : kind == Architecture.ENCODER ? 12 : 3;
    return new Settings(kind, passes, limit(), seed, sizes());
  }

  private @Nullable Duration limit() {
    return minutes == null ? null : Duration.ofMillis(Math.round(minutes * 60_000));
  }

  private EncoderConfig sizes() {
    return new EncoderConfig(vocabulary, positions, width, layers, heads, 4 * width);
  }

  /** This command as it was typed, with the names of files instead of their paths. */
  private String rebuildCommand() {
    var words = new ArrayList<String>(List.of("./elastic-reset", "train-reward"));
    for (var option : new LinkedHashSet<>(spec.commandLine().getParseResult().matchedOptions())) {
      for (var value : option.originalStringValues()) {
        if (!option.longestName().equals("--data-note")) {
          words.add(option.longestName());
          words.add(value.contains("/") ? fileName(value) : quoted(value));
        }
      }
    }
    return String.join(" ", words);
  }

  private static String fileName(String path) {
    return String.valueOf(Path.of(path).toAbsolutePath().normalize().getFileName());
  }

  private static String quoted(String value) {
    return value.contains(" ") ? '"' + value + '"' : value;
  }

  /** Collections of reviews have some of them in both of their parts. */
  private static List<LabelledText> without(
      List<LabelledText> unseen, List<LabelledText> all, PrintWriter out) {
    var heldOutTexts = unseen.stream().map(LabelledText::text).collect(Collectors.toSet());
    var others = all.stream().filter(text -> !heldOutTexts.contains(text.text())).toList();
    if (others.isEmpty()) {
      throw new IllegalArgumentException(
          "--data: nothing but held-out texts (expected: other texts to train on)");
    }
    if (others.size() < all.size()) {
      out.printf(
          Locale.ROOT,
          "%,d texts of --data are held out, and not trained on%n",
          all.size() - others.size());
    }
    return others;
  }

  private List<LabelledText> read(Path file) {
    return LabelledTexts.read(file, textColumn, labelColumn).stream()
        .map(
            text -> new LabelledText(text.text(), renames.getOrDefault(text.label(), text.label())))
        .toList();
  }
}
