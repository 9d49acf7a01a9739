package org.elasticreset.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The resolved configuration in groups, as the report shows it. */
final class ReportSettings {
  private ReportSettings() {}

  static List<Map<String, Object>> groups(JsonNode configuration) {
    Map<String, List<Map<String, String>>> groups = new LinkedHashMap<>();
    groups.put("run", new ArrayList<>());
    configuration
        .fields()
        .forEachRemaining(
            field -> {
              boolean isGroup = field.getValue().isObject();
              var entries =
                  groups.computeIfAbsent(
                      isGroup ? field.getKey() : "run", name -> new ArrayList<>());
              flatten(isGroup ? "" : field.getKey(), field.getValue(), entries);
            });
    return groups.entrySet().stream()
        .map(group -> Map.<String, Object>of("name", group.getKey(), "entries", group.getValue()))
        .toList();
  }

  private static void flatten(String key, JsonNode value, List<Map<String, String>> entries) {
    if (value.isObject()) {
      value
          .fields()
          .forEachRemaining(
              field ->
                  flatten(
                      key.isEmpty() ? field.getKey() : key + "." + field.getKey(),
                      field.getValue(),
                      entries));
    } else {
      entries.add(Map.of("key", key, "value", shown(value.asText())));
    }
  }

  /** A file of the project by its path in the project. */
  private static String shown(String value) {
    String root = Installation.current().root() + "/";
    return value.startsWith(root) ? value.substring(root.length()) : value;
  }
}
