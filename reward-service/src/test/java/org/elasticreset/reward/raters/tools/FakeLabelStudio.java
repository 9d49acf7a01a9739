package org.elasticreset.reward.raters.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The API of Label Studio. */
final class FakeLabelStudio extends FakeHttpTool {

  static final String LEGACY = "0123456789abcdef";
  static final String PERSONAL = "header.payload.signature";
  private static final Pattern IMPORT = Pattern.compile("/api/projects/(\\d+)/import");
  private static final Pattern TASK = Pattern.compile("/api/tasks/(\\d+)/");

  final Map<Integer, ObjectNode> projects = new LinkedHashMap<>();
  final Map<Integer, ObjectNode> tasks = new LinkedHashMap<>();
  private int ids = 1;
  private int refreshed;

  @Override
  JsonNode answer(
      String method, String path, Map<String, String> query, JsonNode body, HttpExchange call) {
    if ((method + " " + path).equals("POST /api/token/refresh/")) {
      if (!body.path("refresh").asText().equals(PERSONAL)) {
        throw new Status(401);
      }
      return JSON.objectNode().put("access", "access-" + ++refreshed);
    }
    String given = call.getRequestHeaders().getFirst("Authorization");
    if (!List.of("Token " + LEGACY, "Bearer access-" + refreshed).contains(given)) {
      throw new Status(401);
    }
    return switch (method + " " + path) {
      case "GET /api/projects/" -> {
        var found =
            projects.values().stream()
                .filter(each -> each.path("title").asText().contains(query.get("title")))
                .toList();
        yield page(found, query, "results", "count");
      }
      case "POST /api/projects/" -> {
        if (body.path("title").asText().length() > 50) {
          throw new Status(400);
        }
        int id = ids++;
        projects.put(id, ((ObjectNode) body).put("id", id));
        yield body;
      }
      case "GET /api/tasks/" -> {
        var found =
            tasks.values().stream()
                .filter(each -> each.path("project").asText().equals(query.get("project")))
                .toList();
        yield page(found, query, "tasks", "total");
      }
      default -> other(method, path, body);
    };
  }

  private JsonNode other(String method, String path, JsonNode body) {
    Matcher imported = IMPORT.matcher(path);
    Matcher task = TASK.matcher(path);
    if (method.equals("DELETE") && task.matches()) {
      if (tasks.remove(Integer.valueOf(task.group(1))) == null) {
        throw new Status(404);
      }
      return JSON.objectNode();
    }
    if (!imported.matches() || !projects.containsKey(Integer.valueOf(imported.group(1)))) {
      throw new Status(404);
    }
    for (JsonNode each : body) {
      int id = ids++;
      ObjectNode made = ((ObjectNode) each).put("id", id).put("project", imported.group(1));
      tasks.put(id, made.put("total_annotations", 0));
    }
    return JSON.objectNode().put("task_count", body.size());
  }

  private static ObjectNode page(
      List<ObjectNode> all, Map<String, String> query, String items, String count) {
    int size = Integer.parseInt(query.get("page_size"));
    int from = (Integer.parseInt(query.get("page")) - 1) * size;
    if (from > 0 && from >= all.size()) {
      throw new Status(404);
    }
    ObjectNode page = JSON.objectNode().put(count, all.size());
    page.putArray(items).addAll(all.subList(from, Math.min(all.size(), from + size)));
    return page;
  }

  /** Somebody annotates. */
  void annotate(String requestId) {
    tasks.values().stream()
        .filter(each -> each.at("/meta/request_id").asText().equals(requestId))
        .forEach(each -> each.put("total_annotations", 1));
  }
}
