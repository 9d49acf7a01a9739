package org.elasticreset.reward.raters.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.elasticreset.proto.v1.RatingRequest;
import org.elasticreset.rating.tools.ArgillaDataset;
import org.elasticreset.rating.tools.ArgillaEvents;

/**
 * Requests as records of Argilla 2, over its HTTP API. A record is known by its {@code
 * external_id}: put twice, it is there once.
 */
final class ArgillaApi implements LabellingTool {

  private static final int LONGEST_NAME = 200;
  private static final int PAGE = 200;
  private static final int MOST_DELETED = 100;
  private static final String DATASETS = "/api/v1/datasets/";
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final ToolHttp http;
  private final ToolHttp.Credentials key;
  private final String runId;
  private final String workspace;
  private final PlaceName names;

  /** Ids of datasets that are published, by name. */
  private final Map<String, String> published = new HashMap<>();

  /**
   * Puts requests of a run into datasets of a workspace.
   *
   * @param prefix begins the names of the datasets
   */
  ArgillaApi(ToolHttp http, String apiKey, String runId, String workspace, String prefix) {
    this.http = http;
    this.key = () -> Map.entry("X-Argilla-Api-Key", apiKey);
    this.runId = runId;
    this.workspace = workspace;
    this.names = new PlaceName(prefix, LONGEST_NAME);
  }

  @Override
  public String source() {
    return ArgillaEvents.SOURCE;
  }

  @Override
  public String place(RatingRequest request) {
    return name(ArgillaDataset.of(request));
  }

  private String name(ArgillaDataset dataset) {
    return names.of(dataset.question(), dataset.settings().toString());
  }

  @Override
  public List<Posted> list() throws IOException, InterruptedException {
    published.clear();
    List<Posted> posted = new ArrayList<>();
    for (JsonNode dataset : datasets()) {
      if (dataset.path("status").asText().equals("ready")) {
        published.put(dataset.path("name").asText(), dataset.path("id").asText());
        list(dataset.path("id").asText(), posted);
      }
    }
    return posted;
  }

  private List<JsonNode> datasets() throws IOException, InterruptedException {
    JsonNode all =
        http.get(key, "/api/v1/me/datasets?workspace_id=" + ToolHttp.encoded(workspaceId()));
    List<JsonNode> ours = new ArrayList<>();
    for (JsonNode dataset : all.path("items")) {
      if (dataset.path("name").asText().startsWith(names.begin())) {
        ours.add(dataset);
      }
    }
    return ours;
  }

  private String workspaceId() throws IOException, InterruptedException {
    for (JsonNode each : http.get(key, "/api/v1/me/workspaces").path("items")) {
      if (each.path("name").asText().equals(workspace)) {
        return each.path("id").asText();
      }
    }
    throw new IOException(
        "workspace: %s (expected: one of Argilla that the api-key's user belongs to)"
            .formatted(workspace));
  }

  private void list(String dataset, List<Posted> posted) throws IOException, InterruptedException {
    for (int offset = 0; ; offset += PAGE) {
      JsonNode records =
          http.get(
                  key,
                  DATASETS
                      + dataset
                      + "/records?include=responses&limit=%d&offset=%d".formatted(PAGE, offset))
              .path("items");
      for (JsonNode record : records) {
        if (record.at("/metadata/run_id").asText().equals(runId)) {
          posted.add(
              new Posted(
                  dataset,
                  record.path("id").asText(),
                  record.path("external_id").asText(),
                  !record.path("responses").isEmpty()));
        }
      }
      if (records.size() < PAGE) {
        return;
      }
    }
  }

  @Override
  public void post(List<RatingRequest> alike) throws IOException, InterruptedException {
    ArgillaDataset dataset = ArgillaDataset.of(alike.get(0));
    String id = published(dataset);
    ObjectNode body = JSON.objectNode();
    var items = body.putArray("items");
    alike.forEach(request -> items.add(dataset.record(request)));
    // PUT, which takes one that is there for what it is; POST would refuse all for it.
    try {
      http.send(key, "PUT", DATASETS + id + "/records/bulk", body);
    } catch (ToolRefused e) {
      if (e.status() == 404) {
        published.remove(name(dataset));
      }
      throw e;
    }
  }

  private String published(ArgillaDataset dataset) throws IOException, InterruptedException {
    String name = name(dataset);
    String known = published.get(name);
    if (known != null) {
      return known;
    }
    JsonNode found = JSON.missingNode();
    for (JsonNode each : datasets()) {
      found = each.path("name").asText().equals(name) ? each : found;
    }
    if (found.isMissingNode()) {
      found = create(dataset, name);
    }
    String id = found.path("id").asText();
    if (!found.path("status").asText().equals("ready")) {
      complete(dataset.settings(), id);
      http.send(key, "PUT", DATASETS + id + "/publish");
    }
    published.put(name, id);
    return id;
  }

  private JsonNode create(ArgillaDataset dataset, String name)
      throws IOException, InterruptedException {
    ObjectNode settings = dataset.settings();
    ObjectNode body = JSON.objectNode().put("name", name).put("workspace_id", workspaceId());
    if (settings.hasNonNull("guidelines")) {
      body.set("guidelines", settings.get("guidelines"));
    }
    body.set("allow_extra_metadata", settings.get("allow_extra_metadata"));
    body.set("distribution", settings.get("distribution"));
    return http.send(key, "POST", "/api/v1/datasets", body);
  }

  /** Adds what a dataset lacks; one may have been left half made. */
  private void complete(ObjectNode settings, String id) throws IOException, InterruptedException {
    String dataset = DATASETS + id;
    add(settings.path("fields"), dataset + "/fields", dataset + "/fields");
    add(settings.path("questions"), dataset + "/questions", dataset + "/questions");
    add(
        settings.path("metadata"),
        "/api/v1/me/datasets/" + id + "/metadata-properties",
        dataset + "/metadata-properties");
  }

  private void add(JsonNode wanted, String listed, String added)
      throws IOException, InterruptedException {
    Set<String> there = new HashSet<>();
    http.get(key, listed).path("items").forEach(item -> there.add(item.path("name").asText()));
    for (JsonNode each : wanted) {
      if (!there.contains(each.path("name").asText())) {
        http.send(key, "POST", added, each);
      }
    }
  }

  @Override
  public void remove(List<Posted> posted) throws IOException, InterruptedException {
    var byDataset = posted.stream().collect(Collectors.groupingBy(Posted::place));
    for (var each : byDataset.entrySet()) {
      List<Posted> records = each.getValue();
      for (int from = 0; from < records.size(); from += MOST_DELETED) {
        String ids =
            records.subList(from, Math.min(records.size(), from + MOST_DELETED)).stream()
                .map(Posted::id)
                .collect(Collectors.joining(","));
        http.send(
            key, "DELETE", DATASETS + each.getKey() + "/records?ids=" + ToolHttp.encoded(ids));
      }
    }
  }
}
