package org.elasticreset.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.elasticreset.cli.RunConfig.ScorerConfig;
import org.jspecify.annotations.Nullable;

/**
 * What a run takes of the machine, estimated from its settings.
 *
 * @param cores at a time: generating and learning take turns unless rollouts may be stale
 * @param mebibytes of all its services, without what an embedded broker takes
 */
public record RunNeeds(int cores, long mebibytes) {
  /** A Java process with the tensor engine and a small model in it, as measured. */
  private static final int SERVICE_MEBIBYTES = 400;

  /** Value, gradient and two moments of what is trained, the reference, and room to work. */
  private static final int COPIES_OF_LEARNER = 6;

  /** In the ema-service: what travels, and the versions that it serves. */
  private static final int COPIES_OF_AVERAGE = 6;

  /** Of a reward model in half precision: base, version and its next, and one in training. */
  private static final int COPIES_OF_LEARNED = 14;

  static RunNeeds of(RunConfig config) {
    int workers = config.rollout().workers();
    int generating = workers * config.rollout().threads();
    int scoring = config.reward().threads();
    int learning = config.learner().threads();
    int cores =
        config.maxStaleness() == 0
            ? Math.max(generating, Math.max(scoring, learning))
            : generating + scoring + learning;
    long policy = size(config.policy());
    long bytes =
        policy * (workers + COPIES_OF_LEARNER + COPIES_OF_AVERAGE + config.ema().keepVersions());
    List<ScorerConfig> scorers = new ArrayList<>(config.reward().scorers().values());
    for (ScorerConfig scorer : scorers) {
      bytes += sizeOf(scorer);
    }
    bytes += sizeOf(config.reward().judge());
    if (config.raters().enabled() && config.raters().learn() != null) {
      bytes += size(config.raters().learn().model()) * COPIES_OF_LEARNED;
    }
    return new RunNeeds(cores, (3L + workers) * SERVICE_MEBIBYTES + (bytes >> 20));
  }

  private static long sizeOf(@Nullable ScorerConfig scorer) {
    return scorer instanceof ScorerConfig.Classifier classifier ? size(classifier.model()) : 0;
  }

  private static long size(Path model) {
    try (Stream<Path> files = Files.list(model)) {
      long bytes = 0;
      for (Path file : files.filter(RunNeeds::isWeights).toList()) {
        bytes += Files.size(file);
      }
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isWeights(Path file) {
    return file.toString().endsWith(".safetensors");
  }
}
