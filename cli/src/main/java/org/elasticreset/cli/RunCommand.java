package org.elasticreset.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code elastic-reset run}: trains a policy through the whole pipeline on this machine. */
@Command(
    name = "run",
    description = "Align a language model on this machine: a broker, four services, a report.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class RunCommand implements Callable<Integer> {
  @Option(
      names = "--preset",
      paramLabel = "NAME",
      defaultValue = "movie-sentiment",
      description = "Settings to start from: presets/NAME.yaml (default: ${DEFAULT-VALUE}).")
  private String preset = "movie-sentiment";

  @Option(names = "--config", paramLabel = "run.yaml", description = "Settings over the preset's.")
  private @Nullable Path config;

  @Option(
      names = "--set",
      paramLabel = "key=value",
      description = "One setting by its dotted name, over those of the files. Repeatable.")
  private List<String> assignments = List.of();

  @Option(
      names = "--policy",
      paramLabel = "MODEL",
      description = "The model to train: a Hugging Face directory, or a name of the Hub.")
  private @Nullable String policy;

  @Option(
      names = "--lora",
      description =
          "Train low-rank adapters only: rank 16, alpha 32, dropout 0.05 unless lora.* says else.")
  private boolean lora;

  @Option(
      names = "--raters",
      paramLabel = "NAME,…",
      arity = "0..1",
      fallbackValue = "rater",
      description =
          "Have people rate on a page of this machine, too: raters.enabled and raters.names, and two"
              + " samples a prompt to choose from where the settings say one.")
  private @Nullable String raters;

  @Option(
      names = "--tensorboard",
      paramLabel = "LOGDIR",
      arity = "0..1",
      fallbackValue = "",
      description =
          "Write event files of TensorBoard, too: in the run's directory, or in a folder of its name"
              + " in LOGDIR.")
  private @Nullable String tensorboard;

  @Option(
      names = "--mlflow",
      paramLabel = "ADDRESS",
      arity = "0..1",
      fallbackValue = "environment",
      description =
          "Send the figures to an MLflow server, too (without ADDRESS: to MLFLOW_TRACKING_URI).")
  private @Nullable String mlflow;

  @Option(
      names = "--trace",
      paramLabel = "URL",
      arity = "0..1",
      fallbackValue = "http://127.0.0.1:4317",
      description =
          "Send spans of every step to a collector of OpenTelemetry (default: ${FALLBACK-VALUE}):"
              + " tracing.otlp, and tracing.sample=1 unless --set says else.")
  private @Nullable String trace;

  @Option(names = "--seed", paramLabel = "N", description = "Everything random derives from it.")
  private @Nullable Long seed;

  @Option(names = "--steps", paramLabel = "N", description = "Training steps.")
  private @Nullable Integer steps;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Name of the run and its folder (default: the preset and a number).")
  private @Nullable String name;

  @Mixin private RunsOption runs = new RunsOption();

  @Option(
      names = "--dry-run",
      description = "Check and print the resolved settings; start nothing.")
  private boolean dryRun;

  @Override
  public Integer call() {
    Installation installation = Installation.current();
    RunConfig settings =
        new RunConfigSources(preset, config, assignments(), seed, steps, name, lora, raters)
            .read(installation, NamedModels.ofEnvironment());
    Preflight.check(settings);
    RunDirectory.requireNew(runs.folder(), settings.name());
    if (dryRun) {
      System.out.print(SettingsText.yaml(settings));
      return 0;
    }
    ServicePlan.requireBuilt(installation);
    try (Interruption interruption = Interruption.ofCurrentThread()) {
      RunDirectory directory =
          RunDirectory.create(runs.folder().toAbsolutePath().normalize(), settings.name(), preset);
      return RunEntry.begin(
          Surroundings.ofOneRun(installation), settings, directory, preset, interruption);
    }
  }

  private List<String> assignments() {
    List<String> all = new ArrayList<>();
    if (trace != null) {
      all.add("tracing.otlp=" + trace);
      all.add("tracing.sample=1");
    }
    all.addAll(assignments);
    if (policy != null) {
      all.add("policy=" + policy);
    }
    if (tensorboard != null) {
      all.add("tracking.tensorboard=true");
    }
    if (tensorboard != null && !tensorboard.isEmpty()) {
      all.add("tracking.logdir=" + tensorboard);
    }
    if (mlflow != null) {
      all.add("tracking.mlflow=" + mlflow);
    }
    return all;
  }
}
