package org.elasticreset.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a run suffered, as rows of the table in docs/reliability.md. */
final class FaultTable {
  private FaultTable() {}

  static List<String> lines(List<Suffered> suffered) {
    List<String> lines = new ArrayList<>();
    lines.add("| fault | how often | seconds to recover, median | max |");
    lines.add("|---|---|---|---|");
    byKind(suffered).forEach((kind, each) -> lines.add(line(kind, each)));
    lines.add(line("all", suffered));
    return lines;
  }

  private static Map<String, List<Suffered>> byKind(List<Suffered> suffered) {
    return suffered.stream()
        .collect(
            Collectors.groupingBy(each -> each.fault().kind(), TreeMap::new, Collectors.toList()));
  }

  private static String line(String kind, List<Suffered> suffered) {
    List<Duration> recoveries =
        suffered.stream().map(Suffered::recovery).filter(Objects::nonNull).sorted().toList();
    if (recoveries.isEmpty()) {
      return "| " + kind + " | " + suffered.size() + " | | |";
    }
    return String.format(
        Locale.ROOT,
        "| %s | %d | %.1f | %.1f |",
        kind,
        suffered.size(),
        seconds(recoveries.get(recoveries.size() / 2)),
        seconds(recoveries.get(recoveries.size() - 1)));
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
