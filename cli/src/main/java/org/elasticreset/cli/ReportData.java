package org.elasticreset.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The figures of a run by column: for the charts as JSON in the page, and as the tables behind
 * them.
 */
final class ReportData {
  private static final ObjectMapper JSON = new ObjectMapper();

  private ReportData() {}

  /** Columns of steps, evaluations and resets, safe inside a script element. */
  static String json(RecordedRun run) {
    ObjectNode data = JSON.createObjectNode();
    data.set(
        "steps",
        columns(
            run.events("step"),
            List.of("step", "reward_mean", "kl_to_initial_nats", "entropy_nats")));
    data.set(
        "evaluations",
        columns(
            run.events("evaluation"),
            List.of(
                "step",
                "reward_mean",
                "judge_mean",
                "kl_to_initial_nats",
                "perplexity_human_text",
                "entropy_nats",
                "distinct_1",
                "distinct_2")));
    data.set("resets", columns(run.events("reset"), List.of("step")));
    try {
      return JSON.writeValueAsString(data)
          .replace("<", "\\u003c")
          .replace(">", "\\u003e")
          .replace("&", "\\u0026");
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static ObjectNode columns(List<JsonNode> lines, List<String> fields) {
    ObjectNode columns = JSON.createObjectNode();
    for (String field : fields) {
      var column = columns.putArray(field);
      lines.forEach(line -> column.add(line.path(field).isNumber() ? line.get(field) : null));
    }
    return columns;
  }

  /** A table of every field that events of one kind have. */
  static Map<String, Object> table(String title, List<JsonNode> lines) {
    Set<String> fields = new LinkedHashSet<>();
    lines.forEach(line -> line.fieldNames().forEachRemaining(fields::add));
    fields.removeAll(Set.of("event", "time", "dropped"));
    List<List<String>> rows = new ArrayList<>();
    for (JsonNode line : lines) {
      rows.add(fields.stream().map(field -> Figures.cell(line.path(field))).toList());
    }
    List<String> columns = fields.stream().map(field -> field.replace('_', ' ')).toList();
    return Map.of("title", title + " (" + lines.size() + ")", "columns", columns, "rows", rows);
  }
}
