package org.elasticreset.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.elasticreset.model.Engine;
import org.elasticreset.model.LanguageModelTrainingSettings;
import org.elasticreset.model.Precision;
import org.elasticreset.model.TrainingBudget;
import org.elasticreset.model.WarmUpCosine;
import org.elasticreset.model.files.ModelFormatException;
import org.elasticreset.model.files.SafeTensors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sft}: trains a language model on text, from nothing or from a model directory. */
@Command(
    name = "sft",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Train a language model: a new one, or an existing one (--model).",
      "On text (--data), or on prompts and responses (--pairs): then only responses are learned.",
      "The output directory always holds the model that did best on the held-out text so far."
    })
final class SftCommand implements Callable<Integer> {

  /** Share of the learning rate that is left at the end. */
  private static final double FLOOR = 0.05;

  private static final Duration KEEP_EVERY = Duration.ofMinutes(5);

  @Mixin private SftDataOptions data = new SftDataOptions();

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "Where the model goes, as a Hugging Face directory.")
  private Path output = Path.of("");

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description =
          "Start from this model, a directory or a name of the Hub; the options of its shape do not apply then.")
  private @Nullable String model;

  @Option(
      names = "--resume",
      description = "Go on from the model and training.json in --output, where a training was cut.")
  private boolean resume;

  @Option(
      names = "--vocabulary",
      defaultValue = "4096",
      description = "Tokens, learned from the training data (default: ${DEFAULT-VALUE}).")
  private int vocabulary;

  @Option(names = "--width", defaultValue = "192", description = "Default: ${DEFAULT-VALUE}.")
  private int width;

  @Option(names = "--layers", defaultValue = "4", description = "Default: ${DEFAULT-VALUE}.")
  private int layers;

  @Option(names = "--heads", defaultValue = "6", description = "Default: ${DEFAULT-VALUE}.")
  private int heads;

  @Option(
      names = "--context",
      defaultValue = "256",
      description =
          "Tokens of a window, and the new model's positions (default: ${DEFAULT-VALUE}).")
  private int context;

  @ArgGroup(multiplicity = "1")
  private Budget budget = new Budget();

  static final class Budget {
    @Option(names = "--steps", description = "Optimizer steps to make.")
    private @Nullable Long steps;

    @Option(
        names = "--minutes",
        description = "Minutes to train for instead; the learning rate follows the time.")
    private @Nullable Double minutes;

    TrainingBudget value() {
      if (steps != null) {
        return new TrainingBudget.Steps(steps);
      }
      double seconds = 60 * (minutes == null ? 0 : minutes);
      return new TrainingBudget.Time(Duration.ofMillis(Math.round(1000 * seconds)));
    }
  }

  @Option(
      names = "--batch-size",
      defaultValue = "16",
      description = "Windows of an optimizer step (default: ${DEFAULT-VALUE}).")
  private int batchSize;

  @Option(
      names = "--micro-batch-size",
      description = "Windows of one pass, to bound memory; divides the batch size (default: all).")
  private @Nullable Integer microBatchSize;

  @Option(
      names = "--learning-rate",
      defaultValue = "1e-3",
      description =
          "The highest; rises over --warm-up-steps, then falls to 5 %% (default: ${DEFAULT-VALUE}).")
  private double learningRate;

  @Option(
      names = "--warm-up-steps",
      defaultValue = "100",
      description = "Default: ${DEFAULT-VALUE}.")
  private int warmUpSteps;

  @Option(
      names = "--weight-decay",
      defaultValue = "0.1",
      description = "Of matrices (default: ${DEFAULT-VALUE}).")
  private double weightDecay;

  @Option(
      names = "--evaluate-every",
      paramLabel = "STEPS",
      defaultValue = "1000",
      description =
          "Measure, and keep the model if it is the best; also every five minutes (default: ${DEFAULT-VALUE}).")
  private long evaluateEvery;

  @Option(
      names = "--precision",
      defaultValue = "float32",
      description =
          "float32 or bfloat16: what is computed in; weights stay float32 (default: ${DEFAULT-VALUE}).")
  private String precision = "float32";

  @Option(names = "--half-weights", description = "Write the weights as float16, half the size.")
  private boolean halfWeights;

  @Option(names = "--threads", description = "Of numeric operations (default: one for each core).")
  private @Nullable Integer threads;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--seed", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Override
  public Integer call() {
    try {
      if (threads != null) {
        Engine.useThreads(threads);
      }
      new SftRun(settings(), Terminal.current(), InstantSource.system()).run();
      return 0;
    } catch (ModelFormatException | IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private SftSettings settings() {
    return new SftSettings(
        data.data(),
        output,
        model == null ? null : NamedModels.ofEnvironment().directory("--model", model, Path.of("")),
        resume,
        new SftSettings.Shape(vocabulary, width, layers, heads, context),
        new LanguageModelTrainingSettings(
            budget.value(),
            batchSize,
            microBatchSize == null ? batchSize : microBatchSize,
            new WarmUpCosine(learningRate, warmUpSteps, FLOOR),
            evaluateEvery,
            KEEP_EVERY,
            halfWeights ? SafeTensors.Dtype.F16 : SafeTensors.Dtype.F32),
        weightDecay,
        precision(),
        seed,
        argumentsOfThisCommand());
  }

  private List<String> argumentsOfThisCommand() {
    var all = spec.commandLine().getParseResult().originalArgs();
    return all.subList(all.indexOf(spec.name()) + 1, all.size());
  }

  private Precision precision() {
    try {
      return Precision.valueOf(precision.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "--precision: " + precision + " (expected: float32 or bfloat16)", e);
    }
  }
}
