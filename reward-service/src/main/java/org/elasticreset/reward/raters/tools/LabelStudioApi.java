package org.elasticreset.reward.raters.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.elasticreset.proto.v1.RatingRequest;
import org.elasticreset.rating.tools.LabelStudioEvents;
import org.elasticreset.rating.tools.LabelStudioProject;

/**
 * Requests as tasks of Label Studio, over its HTTP API. A task is known by the id of the request in
 * its {@code meta}; Label Studio itself would take it twice.
 */
final class LabelStudioApi implements LabellingTool {

  private static final int LONGEST_TITLE = 50;
  private static final int PAGE = 100;
  private static final int GONE = 404;

  private final ToolHttp http;
  private final ToolHttp.Credentials key;
  private final String runId;
  private final PlaceName titles;

  /** Ids of projects, by title. */
  private final Map<String, String> projects = new HashMap<>();

  /**
   * Puts requests of a run into projects.
   *
   * @param prefix begins the titles of the projects
   */
  LabelStudioApi(ToolHttp http, ToolHttp.Credentials key, String runId, String prefix) {
    this.http = http;
    this.key = key;
    this.runId = runId;
    this.titles = new PlaceName(prefix, LONGEST_TITLE);
  }

  @Override
  public String source() {
    return LabelStudioEvents.SOURCE;
  }

  @Override
  public String place(RatingRequest request) {
    return title(LabelStudioProject.of(request));
  }

  private String title(LabelStudioProject project) {
    return titles.of(project.question(), project.settings("").toString());
  }

  @Override
  public List<Posted> list() throws IOException, InterruptedException {
    findProjects();
    List<Posted> posted = new ArrayList<>();
    for (String project : projects.values()) {
      list(project, posted);
    }
    return posted;
  }

  private void findProjects() throws IOException, InterruptedException {
    projects.clear();
    long all = 1;
    long read = 0;
    for (int page = 1; read < all; page++) {
      JsonNode found =
          http.get(
              key,
              "/api/projects/?title=%s&page=%d&page_size=%d"
                  .formatted(ToolHttp.encoded(titles.begin()), page, PAGE));
      all = found.path("count").asLong();
      for (JsonNode project : found.path("results")) {
        read++;
        if (project.path("title").asText().startsWith(titles.begin())) {
          projects.putIfAbsent(project.path("title").asText(), project.path("id").asText());
        }
      }
      if (found.path("results").isEmpty()) {
        return;
      }
    }
  }

  private void list(String project, List<Posted> posted) throws IOException, InterruptedException {
    long all = 1;
    long read = 0;
    for (int page = 1; read < all; page++) {
      JsonNode found =
          http.get(
              key,
              "/api/tasks/?project=%s&page=%d&page_size=%d&fields=all"
                  .formatted(ToolHttp.encoded(project), page, PAGE));
      all = found.path("total").asLong();
      for (JsonNode task : found.path("tasks")) {
        read++;
        if (task.at("/meta/run_id").asText().equals(runId)) {
          posted.add(posted(project, task));
        }
      }
      if (found.path("tasks").isEmpty()) {
        return;
      }
    }
  }

  private static Posted posted(String project, JsonNode task) {
    boolean answered =
        task.path("total_annotations").asInt() > 0
            || task.path("cancelled_annotations").asInt() > 0
            || !task.path("annotations").isEmpty()
            || !task.path("drafts").isEmpty();
    return new Posted(
        project, task.path("id").asText(), task.at("/meta/request_id").asText(), answered);
  }

  @Override
  public void post(List<RatingRequest> alike) throws IOException, InterruptedException {
    LabelStudioProject project = LabelStudioProject.of(alike.get(0));
    String id = project(project);
    ArrayNode tasks = JsonNodeFactory.instance.arrayNode();
    alike.forEach(request -> tasks.add(project.task(request)));
    try {
      http.send(key, "POST", "/api/projects/" + id + "/import", tasks);
    } catch (ToolRefused e) {
      if (e.status() == GONE) {
        projects.remove(title(project));
      }
      throw e;
    }
  }

  private String project(LabelStudioProject project) throws IOException, InterruptedException {
    String title = title(project);
    if (!projects.containsKey(title)) {
      findProjects();
    }
    String known = projects.get(title);
    if (known != null) {
      return known;
    }
    String id =
        http.send(key, "POST", "/api/projects/", project.settings(title)).path("id").asText();
    projects.put(title, id);
    return id;
  }

  @Override
  public void remove(List<Posted> posted) throws IOException, InterruptedException {
    for (Posted task : posted) {
      try {
        http.send(key, "DELETE", "/api/tasks/" + task.id() + "/");
      } catch (ToolRefused e) {
        if (e.status() != GONE) {
          throw e;
        }
      }
    }
  }
}
