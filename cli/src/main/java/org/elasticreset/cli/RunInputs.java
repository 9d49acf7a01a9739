package org.elasticreset.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.elasticreset.checkpoint.Sha256;
import org.elasticreset.cli.RunConfig.ScorerConfig;
import org.jspecify.annotations.Nullable;

/**
 * The files that a run learns from, by digest: a run that goes on with other prompts or another
 * reward model would be a run that nobody asked for. As {@code sha256sum} writes and checks it.
 */
final class RunInputs {
  private static final String SEPARATOR = "  ";

  /** Weights, settings and the chat template that prompts are put into. */
  private static final Pattern MODEL_FILE = Pattern.compile(".*\\.(safetensors|json|jinja)");

  private RunInputs() {}

  /** Writes the digests of what a configuration names. */
  static void note(RunConfig config, Path file) {
    try {
      List<String> lines = new ArrayList<>();
      for (Path input : files(config)) {
        lines.add(Sha256.of(input) + SEPARATOR + input);
      }
      Files.write(file, lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Compares the files with what was noted.
   *
   * @throws InvalidInputException naming the first file that has changed or is gone
   */
  static void requireUnchanged(Path file) {
    requireUnchanged(file, input -> true);
  }

  /** The same for some of the files. */
  static void requireUnchanged(Path file, Predicate<Path> which) {
    try {
      for (String line : Files.readAllLines(file)) {
        String[] parts = line.split(SEPARATOR, 2);
        Path input = Path.of(parts[1]);
        if (!which.test(input)) {
          continue;
        }
        if (!Files.isRegularFile(input)) {
          throw InvalidInputException.of("RUN", input, "the file that the run began with; gone");
        } else if (!Sha256.of(input).equals(parts[0])) {
          throw InvalidInputException.of(
              "RUN", input, "the file that the run began with; it has changed since");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> files(RunConfig config) throws IOException {
    List<Path> files = new ArrayList<>();
    Stream.of(
            config.prompts(),
            config.evaluation().prompts(),
            config.evaluation().humanText(),
            config.raters().guideline(),
            config.raters().gold())
        .filter(Objects::nonNull)
        .forEach(files::add);
    files.addAll(model(config.policy()));
    if (config.receiver() != null) {
      files.addAll(model(config.receiver().model()));
    }
    for (ScorerConfig scorer : config.reward().scorers().values()) {
      files.addAll(modelOf(scorer));
    }
    files.addAll(modelOf(config.reward().judge()));
    if (config.raters().learn() != null) {
      files.addAll(model(config.raters().learn().model()));
    }
    return files.stream().distinct().toList();
  }

  private static List<Path> modelOf(@Nullable ScorerConfig scorer) throws IOException {
    return scorer instanceof ScorerConfig.Classifier classifier
        ? model(classifier.model())
        : List.of();
  }

  private static List<Path> model(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(path -> MODEL_FILE.matcher(path.toString()).matches())
          .filter(Files::isRegularFile)
          .sorted()
          .toList();
    }
  }
}
