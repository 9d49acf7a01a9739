package org.elasticreset.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * An installation with an experiment whose runs have ended, with figures that a test chooses, as
 * real ones would lie there.
 */
final class SyntheticExperiment {
  static final String YAML =
      """
      preset: movie-sentiment
      steps: 4
      seeds: [1, 2, 3, 4, 5, 6]
      baseline: ppo
      arms:
        ppo: {reset: {trigger: on-request}}
        elastic-reset: {}
      """;

  private static final Instant BEGIN = Instant.parse("2026-11-26T10:00:00Z");

  private final InstallationFixture fixture;
  private final Path output;

  /** Figures of one evaluation; {@code step} in 0, 2, 4. */
  interface Figures {
    double reward(String arm, long seed, int step);

    double drift(String arm, long seed, int step);
  }

  private SyntheticExperiment(InstallationFixture fixture, Path output) {
    this.fixture = fixture;
    this.output = output;
  }

  /** Where every arm rises, and one a tenth higher at each drift; seeds differ a little. */
  static Figures tenthHigher(String better) {
    return new Figures() {
      @Override
      public double reward(String arm, long seed, int step) {
        double higher = arm.equals(better) && step > 0 ? 0.1 + 0.002 * seed : 0;
        return 0.5 + 0.05 * step + 0.01 * seed + higher;
      }

      @Override
      public double drift(String arm, long seed, int step) {
        return 5 * step;
      }
    };
  }

  static SyntheticExperiment create(Path root) throws IOException {
    InstallationFixture fixture = InstallationFixture.create(root);
    for (String service : Installation.SERVICES) {
      fixture.write(service + "/target/quarkus-app/quarkus-run.jar", "");
    }
    return new SyntheticExperiment(fixture, root.resolve("out"));
  }

  Path file(String yaml) throws IOException {
    return fixture.write("user/experiment.yaml", yaml);
  }

  Path output() {
    return output;
  }

  /** Leaves what a finished run leaves. */
  void finish(String arm, long seed, String assignment, Figures figures) throws IOException {
    write(arm, seed, assignment, figures, RunSummary.FINISHED, "");
  }

  /** Leaves what a run leaves, however it ended; {@code assignments} of settings, by commas. */
  void write(
      String arm, long seed, String assignments, Figures figures, String outcome, String message)
      throws IOException {
    Path here = fixture.root();
    Settings settings = PlannedRun.start(new Installation(here), "movie-sentiment");
    settings.set("steps=4", here);
    for (String assignment : assignments.split(",", -1)) {
      settings.set(assignment, here);
    }
    settings.set("seed", seed, here);
    Path directory = output.resolve("runs").resolve(arm + "-" + seed);
    PlannedRun run = PlannedRun.of(settings, directory, "movie-sentiment");
    Files.createDirectories(directory);
    Files.writeString(run.directory().config(), run.yaml());
    RunSummary.begun(run.name(), "movie-sentiment", BEGIN)
        .endedAt(BEGIN.plusSeconds(60), Duration.ofMinutes(1), outcome, message, null)
        .write(run.directory().summary());
    List<String> lines =
        IntStream.of(0, 2, 4)
            .mapToObj(
                step ->
                    String.format(
                        Locale.ROOT,
                        "{\"event\":\"evaluation\",\"step\":%d,\"time\":\"%s\",\"reward_mean\":%s,"
                            + "\"judge_mean\":%s,\"kl_to_initial_nats\":%s,"
                            + "\"perplexity_human_text\":%s,\"samples\":2}",
                        step,
                        BEGIN,
                        figures.reward(arm, seed, step),
                        figures.reward(arm, seed, step) - 0.1,
                        figures.drift(arm, seed, step),
                        60 + figures.drift(arm, seed, step)))
            .toList();
    Files.write(run.directory().metrics(), lines);
  }

  /** All runs of {@link #YAML}. */
  void finishAll(Figures figures) throws IOException {
    for (long seed = 1; seed <= 6; seed++) {
      finish("ppo", seed, "reset.trigger=on-request", figures);
      finish("elastic-reset", seed, "reset.trigger=every-n-updates", figures);
    }
  }
}
