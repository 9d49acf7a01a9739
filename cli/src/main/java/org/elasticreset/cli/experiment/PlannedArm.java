package org.elasticreset.cli.experiment;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.elasticreset.cli.PlannedRun;

/**
 * One way to train.
 *
 * @param runs one a seed, in the order of the seeds
 */
record PlannedArm(String name, List<PlannedRun> runs, List<Long> seeds) {
  private static final List<String> OF_THE_RUN = List.of("name", "seed");

  PlannedArm {
    runs = List.copyOf(runs);
    seeds = List.copyOf(seeds);
  }

  /** The settings of its first run, by dotted name. */
  SortedMap<String, String> settings() {
    return runs.get(0).settings();
  }

  /** What is different about it, beside another arm: {@code reset.to: initial (average)}. */
  SortedMap<String, String> differencesFrom(PlannedArm other) {
    Map<String, String> mine = settings();
    Map<String, String> theirs = other.settings();
    TreeSet<String> keys = new TreeSet<>(mine.keySet());
    keys.addAll(theirs.keySet());
    OF_THE_RUN.forEach(keys::remove);
    keys.removeIf(key -> key.startsWith("tracking."));
    SortedMap<String, String> differences = new TreeMap<>();
    for (String key : keys) {
      String value = mine.getOrDefault(key, "none");
      String otherValue = theirs.getOrDefault(key, "none");
      if (!value.equals(otherValue)) {
        differences.put(key, value + " (" + otherValue + ")");
      }
    }
    return differences;
  }

  String differencesInWords(PlannedArm other) {
    String words =
        differencesFrom(other).entrySet().stream()
            .map(entry -> entry.getKey() + ": " + entry.getValue())
            .collect(Collectors.joining(", "));
    return words.isEmpty() ? "the settings of " + other.name() : words;
  }
}
