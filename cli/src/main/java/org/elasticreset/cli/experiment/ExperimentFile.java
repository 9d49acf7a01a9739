package org.elasticreset.cli.experiment;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.elasticreset.cli.InvalidInputException;
import org.elasticreset.cli.PlannedRun;
import org.elasticreset.cli.Settings;
import org.jspecify.annotations.Nullable;

/**
 * An experiment as its file says it: what a run file may say, which all runs share, and beside it
 * the arms and seeds.
 *
 * @param preset below the settings of the file; null for none
 * @param shared settings of every run
 * @param arms by name, in the order of the file: what is different about the runs of each
 * @param seeds of every arm, so that runs of two arms are paired
 * @param baseline the arm that the others are held against; null where the file names none
 * @param verdictAt the drift that verdicts are to rest on, by the key of its measure
 * @param sweep what {@code sweep} varies; null where the file has none
 */
record ExperimentFile(
    Path path,
    @Nullable String preset,
    JsonNode shared,
    Map<String, JsonNode> arms,
    List<Long> seeds,
    @Nullable String baseline,
    Map<String, Double> verdictAt,
    @Nullable JsonNode sweep) {

  /** Without {@code _}: Kafka takes no two topics that differ in {@code .} and {@code _} alone. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.-]{0,79}");

  private static final List<String> OWN =
      List.of("preset", "arms", "seeds", "baseline", "verdict-at", "sweep");

  /**
   * Reads a file.
   *
   * @throws InvalidInputException naming the first key that is unknown, or value that is wrong
   */
  static ExperimentFile read(Path path) {
    JsonNode tree = Settings.read(path);
    if (!tree.isObject()) {
      throw InvalidInputException.of(path.toString(), tree, "an experiment: seeds, arms, settings");
    }
    ObjectNode shared = JsonNodeFactory.instance.objectNode();
    tree.fields()
        .forEachRemaining(
            field -> {
              if (!OWN.contains(field.getKey())) {
                shared.set(field.getKey(), field.getValue());
              }
            });
    requireSettings("", shared);
    Map<String, JsonNode> arms = arms(tree.path("arms"));
    String baseline = text(tree, "baseline");
    if (baseline != null && !arms.containsKey(baseline)) {
      throw InvalidInputException.of("baseline", baseline, names(arms));
    }
    return new ExperimentFile(
        path,
        text(tree, "preset"),
        shared,
        arms,
        seeds(tree.path("seeds")),
        baseline,
        verdictAt(tree.path("verdict-at")),
        tree.path("sweep").isMissingNode() ? null : tree.path("sweep"));
  }

  /** Some of its arms and seeds only. */
  ExperimentFile select(List<String> wantedArms, List<Long> wantedSeeds) {
    Map<String, JsonNode> some = new LinkedHashMap<>();
    for (String name : wantedArms) {
      JsonNode arm = arms.get(name);
      if (arm == null) {
        throw InvalidInputException.of("--arms", name, names(arms));
      }
      some.put(name, arm);
    }
    requireDifferent("--seeds", wantedSeeds);
    return new ExperimentFile(
        path,
        preset,
        shared,
        wantedArms.isEmpty() ? arms : some,
        wantedSeeds.isEmpty() ? seeds : wantedSeeds,
        baseline,
        verdictAt,
        sweep);
  }

  /** The arm that the others are held against. */
  String requireBaseline() {
    if (arms.size() < 2) {
      throw InvalidInputException.of(
          "arms",
          arms.isEmpty() ? "none" : names(arms) + " alone",
          "two or more: there is nothing to compare else");
    }
    if (baseline == null || !arms.containsKey(baseline)) {
      throw InvalidInputException.of(
          "baseline", baseline == null ? "missing" : baseline, names(arms));
    }
    return baseline;
  }

  private static String names(Map<String, JsonNode> arms) {
    return arms.isEmpty() ? "an arm; the file has none" : String.join(" | ", arms.keySet());
  }

  private static Map<String, JsonNode> arms(JsonNode tree) {
    Map<String, JsonNode> arms = new LinkedHashMap<>();
    if (!tree.isMissingNode() && !tree.isObject()) {
      throw InvalidInputException.of("arms", tree, "names, and settings of each: ppo: {…}");
    }
    tree.fields()
        .forEachRemaining(
            field -> {
              String name = field.getKey();
              if (!NAME.matcher(name).matches()) {
                throw InvalidInputException.of("arms", name, "letters, digits, '.' and '-'");
              }
              requireSettings("arms." + name + ".", field.getValue());
              arms.put(name, field.getValue());
            });
    return arms;
  }

  /** What all runs must agree in, and what the experiment itself decides, is no setting here. */
  private static void requireSettings(String prefix, JsonNode settings) {
    if (!settings.isObject() && !settings.isNull()) {
      throw InvalidInputException.of(
          prefix.substring(0, prefix.length() - 1), settings, "settings, as key: value");
    }
    List<String> known = new ArrayList<>(PlannedRun.settingNames());
    known.removeAll(List.of("seed", "name"));
    for (String key : Settings.flat(settings).keySet()) {
      String first = key.split("\\.", 2)[0];
      if (first.equals("seed")) {
        throw InvalidInputException.of(prefix + key, "given", "seeds, which every arm has");
      } else if (first.equals("name")) {
        throw InvalidInputException.of(prefix + key, "given", "none: runs are called ARM-SEED");
      } else if (first.equals("kafka") && !prefix.isEmpty()) {
        throw InvalidInputException.of(prefix + key, "given", "kafka beside arms: all share one");
      } else if (!known.contains(first)) {
        List<String> hints = new ArrayList<>(known);
        if (prefix.isEmpty()) {
          hints.addAll(OWN);
        }
        InvalidInputException unknown = PlannedRun.unknown(first, hints);
        throw prefix.isEmpty() ? unknown : unknown.within(prefix.substring(0, prefix.length() - 1));
      }
    }
  }

  private static Map<String, Double> verdictAt(JsonNode tree) {
    List<String> known = Measure.DRIFTS.stream().map(Measure::key).toList();
    if (!tree.isMissingNode() && !tree.isObject()) {
      throw InvalidInputException.of("verdict-at", tree, "a drift by its name: {kl: 40}");
    }
    Map<String, Double> drifts = new LinkedHashMap<>();
    tree.fields()
        .forEachRemaining(
            field -> {
              String key = "verdict-at." + field.getKey();
              if (!known.contains(field.getKey())) {
                throw InvalidInputException.of(
                    "verdict-at", field.getKey(), String.join(" | ", known));
              }
              if (!field.getValue().isNumber() || field.getValue().doubleValue() <= 0) {
                throw InvalidInputException.of(key, field.getValue(), "a number above 0");
              }
              drifts.put(field.getKey(), field.getValue().doubleValue());
            });
    return drifts;
  }

  private static List<Long> seeds(JsonNode tree) {
    List<Long> seeds = new ArrayList<>();
    for (JsonNode seed : tree) {
      if (!seed.isIntegralNumber() || !seed.canConvertToLong()) {
        throw InvalidInputException.of("seeds", seed, "whole numbers");
      }
      seeds.add(seed.asLong());
    }
    if (!tree.isArray() || seeds.isEmpty()) {
      throw InvalidInputException.of(
          "seeds", tree.isMissingNode() ? "missing" : tree, "a list of whole numbers: [1, 2, 3]");
    }
    requireDifferent("seeds", seeds);
    return seeds;
  }

  private static void requireDifferent(String key, List<Long> seeds) {
    HashSet<Long> known = new HashSet<>();
    for (long seed : seeds) {
      if (!known.add(seed)) {
        throw InvalidInputException.of(
            key, seeds, "different seeds: " + seed + " twice is one run, not two");
      }
    }
  }

  private static @Nullable String text(JsonNode tree, String key) {
    JsonNode value = tree.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isTextual()) {
      throw InvalidInputException.of(key, value, "a name");
    }
    return value.asText();
  }
}
