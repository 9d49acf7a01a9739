package org.elasticreset.cli.tracking;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Runs to track. */
final class TrackedRuns {
  private TrackedRuns() {}

  static TrackedRun in(Path folder) {
    return new TrackedRun(
        "ours",
        MetricsLines.BEGIN,
        folder,
        folder.resolve("metrics.jsonl"),
        new TreeMap<>(Map.of("ema.decay", "0.9", "algorithm", "ppo", "chat", "false")),
        Map.of("arm", "elastic", "seed", "3"),
        List.of(folder.resolve("config.yaml"), folder.resolve("absent.html")));
  }
}
