package org.elasticreset.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Stack;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.elasticreset.checkpoint.DurableFiles;
import org.elasticreset.model.CausalLanguageModel;
import org.elasticreset.model.files.SafeTensors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IParameterConsumer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code elastic-reset export}: a version of a run, as other programs read models. */
@Command(
    name = "export",
    description = "Write a version of a run as a model or an adapter directory.",
    sortOptions = false)
final class ExportCommand implements Callable<Integer> {
  enum Format {
    FULL,
    ADAPTER
  }

  enum Dtype {
    FLOAT32(SafeTensors.Dtype.F32),
    FLOAT16(SafeTensors.Dtype.F16),
    BFLOAT16(SafeTensors.Dtype.BF16);

    private final SafeTensors.Dtype inFile;

    Dtype(SafeTensors.Dtype inFile) {
      this.inFile = inFile;
    }
  }

  @Parameters(paramLabel = "RUN", description = "Directory of the run, or its name under --runs.")
  private Path run = Path.of("");

  @Option(
      names = "--receiver",
      description = "Of a game of two, the receiver's version instead of the sender's.")
  private boolean receiver;

  @Option(
      names = "--version",
      paramLabel = "VERSION",
      parameterConsumer = VersionWords.class,
      description =
          "latest (the newest policy), average, or step N while that is kept (default: what the"
              + " run delivers).")
  private @Nullable String version;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "full: a Hugging Face directory, adapters merged; adapter: PEFT's (default: full).")
  private Format format = Format.FULL;

  @Option(
      names = "--dtype",
      paramLabel = "DTYPE",
      description = "Of a full directory: float32, float16 or bfloat16 (default: float32).")
  private Dtype dtype = Dtype.FLOAT32;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      required = true,
      description = "Directory to write; it must not exist.")
  private Path output = Path.of("");

  @Mixin private RunsOption runs = new RunsOption();

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help message and exit.")
  private boolean help;

  @Override
  public Integer call() {
    if (version != null) {
      RunVersions.Wanted.parse(version);
    }
    if (Files.exists(output, LinkOption.NOFOLLOW_LINKS)) {
      throw InvalidInputException.of("--output", output, "a directory that does not exist yet");
    }
    RunDirectory directory = RunDirectory.find(run, runs.folder(), () -> "");
    RunConfig config = RunConfigSources.recorded(directory.config());
    if (format == Format.ADAPTER && (receiver || config.lora() == null)) {
      throw InvalidInputException.of(
          "--format", "adapter", "full; " + directory.name() + " trained the whole model");
    }
    TrainedModel trained =
        receiver
            ? TrainedModel.receiver(config, directory)
            : TrainedModel.policy(config, directory);
    RunVersions.Wanted wanted =
        RunVersions.Wanted.parse(Objects.requireNonNullElse(version, delivered(config)));
    Path weights = trained.versions().weights(wanted);
    RunInputs.requireUnchanged(
        RunVersions.inputs(directory), file -> file.startsWith(trained.began()));
    try (CausalLanguageModel model = trained.open(weights)) {
      write(
          unfinished -> {
            if (format == Format.ADAPTER) {
              model.saveAdapter(unfinished, PolicyDirectory.nameOf(trained.began()));
            } else {
              model.save(unfinished, dtype.inFile);
            }
          });
    }
    System.out.printf(
        "%s%s of step %s: %s%n",
        receiver ? "receiver's " : "",
        wanted.average() ? "average" : "policy",
        stepOf(weights),
        output);
    return 0;
  }

  private String delivered(RunConfig config) {
    return config.deliver() == RunConfig.Deliver.AVERAGE && !receiver ? "average" : "latest";
  }

  private static String stepOf(Path weights) {
    return weights.toString().replaceFirst(".*/step-0*(\\d+)/[^/]*", "$1");
  }

  /** Whole or absent, whenever this process dies. */
  private void write(Consumer<Path> contents) {
    try {
      DurableFiles.place(output.toAbsolutePath().normalize(), contents::accept);
    } catch (IOException e) {
      throw new UncheckedIOException("writing " + output, e);
    }
  }

  /** {@code step N} is two words. */
  private static final class VersionWords implements IParameterConsumer {
    @Override
    public void consumeParameters(Stack<String> words, ArgSpec option, CommandSpec command) {
      if (words.isEmpty()) {
        throw InvalidInputException.of("--version", "missing", RunVersions.Wanted.EXPECTED);
      }
      String word = words.pop();
      option.setValue(word.equals("step") && !words.isEmpty() ? word + " " + words.pop() : word);
    }
  }
}
