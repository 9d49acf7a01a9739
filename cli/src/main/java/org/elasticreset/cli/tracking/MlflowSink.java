package org.elasticreset.cli.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.elasticreset.checkpoint.Sha256;

/**
 * One run of MLflow for the run. It is found again by the ledger's note, or where that is gone by a
 * tag; a point that is sent again is known to MLflow by its step, time and value.
 */
final class MlflowSink implements MetricsSink {
  /** Tag of the run of all times that this is. */
  static final String IDENTITY = "elastic_reset.run";

  /** Tag of how many lines of metrics.jsonl the server has. */
  static final String LINES = "elastic_reset.lines";

  private static final int MOST_METRICS = 1000;
  private static final int MOST_PARAMETERS = 100;

  /** Longer ones are cut: a server of MLflow before 2.10 would refuse them. */
  private static final int PARAMETER_CHARACTERS = 500;

  private static final int LEDGER_CHARACTERS = 8;
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final TrackedRun run;
  private final MlflowServer server;
  private final MlflowClient client;
  private final MlflowExperiment experiment;
  private String runId = "";
  private String experimentId = "";
  private String artifacts = "";
  private String status = "";
  private volatile String notTaken = "";

  MlflowSink(TrackedRun run, MlflowServer server, MlflowExperiment experiment) {
    this.run = run;
    this.server = server;
    this.experiment = experiment;
    this.client = new MlflowClient(server);
  }

  @Override
  public String name() {
    return "MLflow at " + server;
  }

  @Override
  public String address() {
    return runId.isEmpty()
        ? ""
        : "%s/#/experiments/%s/runs/%s%s".formatted(server, experimentId, runId, notTaken);
  }

  /** One for each server and experiment that the run was ever sent to. */
  @Override
  public Ledger openLedger() {
    String digest = Sha256.of(server + " " + experiment).substring(0, LEDGER_CHARACTERS);
    return Ledger.open(run.folder().resolve("tracking").resolve("mlflow-" + digest + ".txt"));
  }

  @Override
  public int begin(Ledger ledger) throws IOException, InterruptedException {
    JsonNode found;
    if (ledger.note().isEmpty()) {
      experimentId = experiment.id(client);
      Optional<JsonNode> known = search();
      found = known.isPresent() ? known.get() : create();
    } else {
      found =
          client
              .find("runs/get", "run_id", ledger.note())
              .map(answer -> answer.path("run"))
              .filter(each -> each.at("/info/lifecycle_stage").asText("active").equals("active"))
              .orElseThrow(
                  () ->
                      new RefusedException(
                          "run %s is no longer there (delete %s to have it made anew)"
                              .formatted(ledger.note(), ledger.path())));
    }
    runId = found.at("/info/run_id").asText();
    experimentId = found.at("/info/experiment_id").asText();
    artifacts = found.at("/info/artifact_uri").asText();
    status = found.at("/info/status").asText();
    if (ledger.note().isEmpty()) {
      ledger.note(runId);
    }
    int lines = lines(found);
    if (ledger.size() == 0 && lines == 0) {
      logParameters();
    }
    return lines;
  }

  private Optional<JsonNode> search() throws IOException, InterruptedException {
    ObjectNode query = JSON.objectNode();
    query.putArray("experiment_ids").add(experimentId);
    query.put("filter", "tags.`%s` = '%s'".formatted(IDENTITY, run.identity()));
    query.put("max_results", 1);
    JsonNode runs = client.post("runs/search", query).path("runs");
    return runs.isEmpty() ? Optional.empty() : Optional.of(runs.get(0));
  }

  private JsonNode create() throws IOException, InterruptedException {
    ObjectNode body = JSON.objectNode();
    body.put("experiment_id", experimentId);
    body.put("run_name", run.name());
    body.put("start_time", run.started().toEpochMilli());
    ArrayNode tags = body.putArray("tags");
    add(tags, IDENTITY, run.identity());
    add(tags, "mlflow.user", System.getProperty("user.name", ""));
    add(tags, "mlflow.source.name", "elastic-reset");
    run.tags().forEach((key, value) -> add(tags, key, value));
    return client.post("runs/create", body).path("run");
  }

  private static int lines(JsonNode found) {
    for (JsonNode tag : found.at("/data/tags")) {
      if (tag.path("key").asText().equals(LINES)) {
        return tag.path("value").asInt();
      }
    }
    return 0;
  }

  private void logParameters() throws IOException, InterruptedException {
    ArrayNode parameters = JSON.arrayNode();
    for (Map.Entry<String, String> setting : run.settings().entrySet()) {
      String value = setting.getValue();
      if (!value.isEmpty()) {
        add(parameters, key(setting.getKey()), cut(value));
      }
      if (parameters.size() == MOST_PARAMETERS) {
        logBatch("params", parameters);
        parameters = JSON.arrayNode();
      }
    }
    if (!parameters.isEmpty()) {
      logBatch("params", parameters);
    }
  }

  private static String cut(String value) {
    return value.length() <= PARAMETER_CHARACTERS
        ? value
        : value.substring(0, PARAMETER_CHARACTERS - 1) + "…";
  }

  /** MLflow's history only grows: what replaces a point stands beside it, and is the later one. */
  @Override
  public void send(List<MetricsPoint> points, boolean replacing, int behind)
      throws IOException, InterruptedException {
    if (!status.equals("RUNNING")) {
      update("RUNNING", Optional.empty());
    }
    List<ObjectNode> metrics = new ArrayList<>();
    ArrayNode tags = JSON.arrayNode();
    for (MetricsPoint point : points) {
      point.scalars().forEach((tag, value) -> metrics.add(metric(point, tag, value)));
      if (point.note() != null) {
        add(tags, "elastic_reset." + point.note().tag(), point.note().text());
      }
    }
    for (int begin = 0; begin < metrics.size(); begin += MOST_METRICS) {
      int end = Math.min(metrics.size(), begin + MOST_METRICS);
      logBatch("metrics", JSON.arrayNode().addAll(metrics.subList(begin, end)));
    }
    // Last, so that the lines are there before it is said that they are.
    add(tags, LINES, Integer.toString(behind));
    logBatch("tags", newest(tags));
  }

  /** Of tags of one key the last; a batch may not have two. */
  private static ArrayNode newest(ArrayNode tags) {
    ObjectNode byKey = JSON.objectNode();
    tags.forEach(tag -> byKey.set(tag.path("key").asText(), tag));
    return JSON.arrayNode()
        .addAll(List.copyOf(byKey.properties().stream().map(Map.Entry::getValue).toList()));
  }

  private static ObjectNode metric(MetricsPoint point, String tag, double value) {
    ObjectNode metric = JSON.objectNode();
    metric.put("key", key(tag));
    metric.put("value", value);
    metric.put("timestamp", point.time().toEpochMilli());
    metric.put("step", point.step());
    return metric;
  }

  private void logBatch(String what, ArrayNode values) throws IOException, InterruptedException {
    ObjectNode body = JSON.objectNode();
    body.put("run_id", runId);
    body.set(what, values);
    client.post("runs/log-batch", body);
  }

  private static void add(ArrayNode array, String key, String value) {
    array.addObject().put("key", key).put("value", value);
  }

  /** What MLflow lets a name have. */
  private static String key(String name) {
    return name.replaceAll("[^A-Za-z0-9_./ -]", "_");
  }

  @Override
  public void end(RunOutcome outcome) throws IOException, InterruptedException {
    if (outcome.state() == RunOutcome.State.RUNNING) {
      return;
    }
    if (!status.equals(outcome.state().name())) {
      update(outcome.state().name(), Optional.of(outcome.at().toEpochMilli()));
    }
    if (artifacts.startsWith("mlflow-artifacts:")) {
      String path = URI.create(artifacts).getPath().replaceFirst("^/+", "");
      for (Path file : run.files()) {
        if (Files.isRegularFile(file)) {
          upload(path, file);
        }
      }
    }
  }

  /** The figures and the status are there, whatever a proxy says to a large file. */
  private void upload(String path, Path file) throws IOException, InterruptedException {
    try {
      client.upload(path + "/" + file.getFileName(), file);
    } catch (RefusedException e) {
      notTaken = " (without %s: %s)".formatted(file.getFileName(), e.getMessage());
    }
  }

  private void update(String newStatus, Optional<Long> end)
      throws IOException, InterruptedException {
    ObjectNode body = JSON.objectNode();
    body.put("run_id", runId);
    body.put("status", newStatus);
    end.ifPresent(time -> body.put("end_time", time));
    client.post("runs/update", body);
    status = newStatus;
  }

  @Override
  public void close() {
    // the JDK's client has nothing to close
  }
}
