package org.elasticreset.reward.raters.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The API of Argilla 2. */
final class FakeArgilla extends FakeHttpTool {

  static final String KEY = "argilla.apikey";
  private static final Pattern DATASET =
      Pattern.compile("/api/v1/(?:me/)?datasets/(ds-\\d+)/([a-z-]+)(?:/bulk)?");

  final Map<String, ObjectNode> datasets = new LinkedHashMap<>();
  final Map<String, ObjectNode> records = new LinkedHashMap<>();
  boolean publishFails;
  private int ids;

  @Override
  JsonNode answer(
      String method, String path, Map<String, String> query, JsonNode body, HttpExchange call) {
    if (!KEY.equals(call.getRequestHeaders().getFirst("X-Argilla-Api-Key"))) {
      throw new Status(401);
    }
    switch (method + " " + path) {
      case "GET /api/v1/me/workspaces" -> {
        return items(
            List.of(
                JSON.objectNode().put("id", "ws-0").put("name", "other"),
                JSON.objectNode().put("id", "ws-1").put("name", "people")));
      }
      case "GET /api/v1/me/datasets" -> {
        return items(
            datasets.values().stream()
                .filter(
                    each -> each.path("workspace_id").asText().equals(query.get("workspace_id")))
                .toList());
      }
      case "POST /api/v1/datasets" -> {
        return create((ObjectNode) body);
      }
      default -> {
        Matcher matcher = DATASET.matcher(path);
        if (!matcher.matches() || !datasets.containsKey(matcher.group(1))) {
          throw new Status(404);
        }
        return answer(method, matcher.group(1), matcher.group(2), query, body);
      }
    }
  }

  private ObjectNode create(ObjectNode dataset) {
    if (datasets.values().stream()
        .anyMatch(each -> each.path("name").equals(dataset.path("name")))) {
      throw new Status(409);
    }
    String id = "ds-" + ids++;
    dataset.put("id", id).put("status", "draft");
    List.of("fields", "questions", "metadata-properties").forEach(dataset::putArray);
    datasets.put(id, dataset);
    return dataset;
  }

  private JsonNode answer(
      String method, String id, String what, Map<String, String> query, JsonNode body) {
    ObjectNode dataset = datasets.get(id);
    if (what.equals("publish")) {
      if (publishFails || dataset.path("questions").isEmpty()) {
        throw new Status(500);
      }
      return dataset.put("status", "ready");
    }
    if (what.equals("records")) {
      return records(method, id, query, body);
    }
    if (method.equals("GET")) {
      return JSON.objectNode().set("items", dataset.path(what));
    }
    dataset.withArray(what).add(body);
    return body;
  }

  private JsonNode records(
      String method, String dataset, Map<String, String> query, JsonNode body) {
    switch (method) {
      case "PUT" -> body.path("items").forEach(item -> upsert(dataset, (ObjectNode) item));
      case "DELETE" -> Arrays.asList(query.get("ids").split(",")).forEach(records::remove);
      default -> {
        return items(
            records.values().stream()
                .filter(each -> each.path("dataset_id").asText().equals(dataset))
                .skip(Integer.parseInt(query.get("offset")))
                .limit(Integer.parseInt(query.get("limit")))
                .toList());
      }
    }
    return JSON.objectNode();
  }

  private void upsert(String dataset, ObjectNode record) {
    if (!datasets.get(dataset).path("status").asText().equals("ready")) {
      throw new Status(422);
    }
    boolean there =
        records.values().stream()
            .anyMatch(each -> each.path("external_id").equals(record.path("external_id")));
    if (!there) {
      String id = "rec-" + ids++;
      record.put("id", id).put("dataset_id", dataset).putArray("responses");
      records.put(id, record);
    }
  }

  /** Somebody answers. */
  void respond(String externalId) {
    records.values().stream()
        .filter(each -> each.path("external_id").asText().equals(externalId))
        .forEach(each -> each.withArray("responses").addObject().put("status", "submitted"));
  }

  List<String> externalIds() {
    return records.values().stream().map(each -> each.path("external_id").asText()).toList();
  }

  private static ObjectNode items(List<ObjectNode> items) {
    return JSON.objectNode().set("items", JSON.arrayNode().addAll(items));
  }
}
