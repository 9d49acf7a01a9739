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
        "figures", figures(line));
  }

  private static String figures(JsonNode line) {
    JsonNode evaluation = line.path("evaluation");
    String step =
        line.path("reward_mean").isNumber()
            ? RunProgress.format("reward %.3f", line.path("reward_mean").asDouble())
            : "";
    String drift =
        line.path("kl_to_initial_nats").isNumber()
            ? RunProgress.format("%.2f nats", line.path("kl_to_initial_nats").asDouble())
            : "";
    String evaluated =
        evaluation.path("reward_mean").isNumber()
            ? RunProgress.format(
                "evaluated: %.3f at %.2f nats",
                evaluation.path("reward_mean").asDouble(),
                evaluation.path("kl_to_initial_nats").asDouble())
            : "";
    return String.join(
        ", ", List.of(step, drift, evaluated).stream().filter(text -> !text.isEmpty()).toList());
  }
}
