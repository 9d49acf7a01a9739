package org.elasticreset.reward.learned;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What settings say of a reward model that learns; values that cannot work are refused by name. */
final class LearnRules {

  private final LearnSettings settings;
  private final Path base;
  private final Path directory;

  /**
   * Checks.
   *
   * @throws IllegalArgumentException naming the setting that is wrong
   */
  LearnRules(LearnSettings settings) {
    this.settings = settings;
    this.base = present("base", settings.base());
    this.directory = present("directory", settings.directory());
    require(Files.isDirectory(base), "base", base, "a model directory");
    require(settings.everyPairs() >= 1, "every-pairs", settings.everyPairs(), "at least 1 pair");
    require(settings.leastPairs() >= 2, "least-pairs", settings.leastPairs(), "at least 2 pairs");
    require(
        !settings.atMostEvery().isNegative(),
        "at-most-every",
        settings.atMostEvery(),
        "a duration such as PT5M");
    require(
        settings.heldOut() > 0 && settings.heldOut() < 1,
        "held-out",
        settings.heldOut(),
        "0 < held-out < 1");
    require(settings.epochs() >= 1, "epochs", settings.epochs(), "at least 1");
    require(settings.batchSize() >= 1, "batch-size", settings.batchSize(), "at least 1 pair");
    require(
        settings.microBatchSize() >= 1,
        "micro-batch-size",
        settings.microBatchSize(),
        "at least 1 pair");
    require(
        settings.learningRate() > 0 && Double.isFinite(settings.learningRate()),
        "learning-rate",
        settings.learningRate(),
        "above 0");
  }

  Path base() {
    return base;
  }

  VersionFolders folders() {
    return new VersionFolders(directory);
  }

  RetrainingRule retraining() {
    return new RetrainingRule(settings.everyPairs(), settings.leastPairs(), settings.atMostEvery());
  }

  HeldOut heldOut() {
    return new HeldOut(settings.heldOut());
  }

  private static Path present(String key, Optional<Path> path) {
    return path.map(Path::toAbsolutePath)
        .orElseThrow(() -> wrong(key, "absent", "a directory, where learn.enabled is true"));
  }

  private static void require(boolean holds, String key, Object value, String expected) {
    if (!holds) {
      throw wrong(key, value, expected);
    }
  }

  private static IllegalArgumentException wrong(String key, Object value, String expected) {
    return new IllegalArgumentException(
        "reward.raters.learn.%s: %s (expected: %s)".formatted(key, value, expected));
  }
}
