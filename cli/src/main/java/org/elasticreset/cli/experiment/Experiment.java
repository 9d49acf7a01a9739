package org.elasticreset.cli.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.elasticreset.cli.Installation;
import org.elasticreset.cli.InvalidInputException;
import org.elasticreset.cli.PlannedRun;
import org.elasticreset.cli.Settings;

/**
 * Every run that an experiment is made of, its settings resolved and checked.
 *
 * @param arms in the order of the file, or of the cells of a sweep
 * @param verdictAt the drift that verdicts are to rest on, by the key of its measure
 */
record Experiment(
    ExperimentDirectory directory,
    List<PlannedArm> arms,
    List<Long> seeds,
    Map<String, Double> verdictAt) {
  Experiment {
    verdictAt = Map.copyOf(verdictAt);
    arms = List.copyOf(arms);
    seeds = List.copyOf(seeds);
  }

  /**
   * Resolves all arms, and checks each.
   *
   * @param arms what is different about each, by name
   * @param assignments {@code key=value} over what the arms share, below what an arm itself says
   * @throws InvalidInputException naming the arm and the setting
   */
  static Experiment plan(
      Installation installation,
      ExperimentFile file,
      Map<String, ? extends JsonNode> arms,
      List<String> assignments,
      ExperimentDirectory directory) {
    List<PlannedArm> planned = new ArrayList<>();
    for (Map.Entry<String, ? extends JsonNode> arm : arms.entrySet()) {
      List<PlannedRun> runs = new ArrayList<>();
      try {
        for (long seed : file.seeds()) {
          Settings settings = shared(installation, file, assignments);
          settings.layer(arm.getValue(), folder(file));
          settings.set("seed", seed, folder(file));
          requireNoFixedPort(settings);
          setIfAbsent(settings, "tracking.comparison", directory.name(), folder(file));
          setIfAbsent(settings, "tracking.arm", arm.getKey(), folder(file));
          Path path = directory.run(arm.getKey(), seed);
          runs.add(PlannedRun.of(settings, path, file.preset()));
        }
        runs.get(0).check();
      } catch (InvalidInputException e) {
        throw e.within("arm " + arm.getKey());
      }
      planned.add(new PlannedArm(arm.getKey(), runs, file.seeds()));
    }
    return new Experiment(directory, planned, file.seeds(), file.verdictAt());
  }

  private static Settings shared(
      Installation installation, ExperimentFile file, List<String> assignments) {
    Settings settings = PlannedRun.start(installation, file.preset());
    settings.layer(file.shared(), folder(file));
    Path here = Path.of("").toAbsolutePath();
    assignments.forEach(assignment -> settings.set(assignment, here));
    return settings;
  }

  private static void setIfAbsent(Settings settings, String key, String value, Path base) {
    if (!settings.byKey().containsKey(key)) {
      settings.set(key, value, base);
    }
  }

  private static Path folder(ExperimentFile file) {
    return file.path().toAbsolutePath().resolveSibling("");
  }

  /** Two runs side by side cannot have one port. */
  private static void requireNoFixedPort(Settings settings) {
    settings
        .byKey()
        .forEach(
            (key, setting) -> {
              boolean isPort = key.endsWith("-port");
              if (isPort && !setting.text().equals("0")) {
                throw InvalidInputException.of(
                    key, setting.text(), "0, a free one: runs of an experiment have their own");
              }
            });
  }

  PlannedArm arm(String name) {
    return arms.stream().filter(arm -> arm.name().equals(name)).findFirst().orElseThrow();
  }

  /** All runs, the seeds in turn: an early look at a comparison finds pairs. */
  List<ArmRun> runs() {
    List<ArmRun> runs = new ArrayList<>();
    for (int seed = 0; seed < seeds.size(); seed++) {
      for (PlannedArm arm : arms) {
        runs.add(new ArmRun(arm.name(), seeds.get(seed), arm.runs().get(seed)));
      }
    }
    return runs;
  }

  int runCount() {
    return arms.size() * seeds.size();
  }
}
