package org.elasticreset.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/** Who did what about a run, as the rows of its report. */
final class AuditTable {
  private AuditTable() {}

  static List<Map<String, Object>> rows(List<JsonNode> lines) {
    return lines.stream().map(AuditTable::row).toList();
  }

  private static Map<String, Object> row(JsonNode line) {
    return Map.of(
        "time", line.path("time").asText().replaceAll("T(\\d\\d:\\d\\d:\\d\\d).*", " $1"),
        "action", line.path("action").asText().replace('-', ' '),
        "who", line.path("who").asText() + " (" + line.path("proof").asText() + ")",
        "why", line.path("why").asText(),
        "step", line.path("step").asText(""),
        "figures", AuditLine.figures(line));
  }
}
