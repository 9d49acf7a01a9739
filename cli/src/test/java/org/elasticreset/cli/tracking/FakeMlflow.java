package org.elasticreset.cli.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * As much of an MLflow server as its REST documentation says of the calls that are made: it keeps
 * runs, holds requests against the documented limits, and fails when it is told to.
 */
final class FakeMlflow implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** One run as the server has it; a point that comes again is the same point. */
  static final class Run {
    final String id;
    final String experiment;
    final String name;
    final long start;
    String status = "RUNNING";
    String lifecycle = "active";
    long end;
    final Map<String, String> tags = new TreeMap<>();
    final Map<String, String> params = new TreeMap<>();
    final Map<String, List<String>> metrics = new TreeMap<>();

    Run(String id, String experiment, String name, long start) {
      this.id = id;
      this.experiment = experiment;
      this.name = name;
      this.start = start;
    }
  }

  /** An answer instead of the real one; {@code after}: the work is done, and then this is said. */
  record Fault(String method, int status, Map<String, String> headers, String body, boolean after) {
    static Fault of(String method, int status) {
      return new Fault(
          method, status, Map.of(), "{\"error_code\":\"X\",\"message\":\"no\"}", false);
    }
  }

  final Map<String, Run> runs = new LinkedHashMap<>();
  final Map<String, String> experiments = new LinkedHashMap<>();
  final Map<String, String> artifacts = new TreeMap<>();
  final List<String> calls = new ArrayList<>();
  final List<String> authorizations = new ArrayList<>();
  final Deque<Fault> faults = new ArrayDeque<>();
  final List<String> violations = new ArrayList<>();
  volatile CountDownLatch gate = new CountDownLatch(0);
  private final int port;
  private ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;

  FakeMlflow() throws IOException {
    server = listen(0);
    port = server.getAddress().getPort();
  }

  private HttpServer listen(int where) throws IOException {
    HttpServer listening =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), where), 0);
    listening.createContext("/", this::handle);
    listening.setExecutor(threads);
    listening.start();
    return listening;
  }

  String address() {
    return "http://127.0.0.1:" + port;
  }

  void stop() {
    server.stop(0);
  }

  void startAgain() throws IOException {
    server = listen(port);
  }

  synchronized Run only() {
    if (runs.size() != 1) {
      throw new AssertionError("runs: " + runs.keySet());
    }
    return runs.values().iterator().next();
  }

  synchronized int callsOf(String method) {
    return (int) calls.stream().filter(each -> each.equals(method)).count();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    String path = exchange.getRequestURI().getRawPath();
    byte[] body = exchange.getRequestBody().readAllBytes();
    synchronized (this) {
      authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
      if (path.startsWith("/api/2.0/mlflow-artifacts/artifacts/")) {
        artifacts.put(
            path.substring("/api/2.0/mlflow-artifacts/artifacts/".length()),
            new String(body, StandardCharsets.UTF_8));
        answer(exchange, 200, Map.of(), "{}");
        return;
      }
      String method = path.replaceFirst("^/api/2.0/mlflow/", "");
      calls.add(method);
      Fault fault = faults.peek();
      boolean hit = fault != null && fault.method().equals(method);
      if (hit) {
        faults.remove();
      }
      if (hit && !fault.after()) {
        answer(exchange, fault.status(), fault.headers(), fault.body());
        return;
      }
      ObjectNode answer = answer(method, exchange.getRequestURI().getRawQuery(), body);
      if (hit) {
        answer(exchange, fault.status(), fault.headers(), fault.body());
      } else {
        int status = answer.has("error_code") ? status(answer) : 200;
        answer(exchange, status, Map.of(), answer.toString());
      }
    }
  }

  private static int status(JsonNode error) {
    return error.path("error_code").asText().equals("RESOURCE_DOES_NOT_EXIST") ? 404 : 400;
  }

  private static void answer(
      HttpExchange exchange, int status, Map<String, String> headers, String text)
      throws IOException {
    headers.forEach(exchange.getResponseHeaders()::set);
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private ObjectNode answer(String method, String query, byte[] body) throws IOException {
    JsonNode json = body.length == 0 ? JSON.createObjectNode() : JSON.readTree(body);
    return switch (method) {
      case "experiments/get-by-name" -> experiment(parameter(query));
      case "experiments/create" -> createExperiment(json.path("name").asText());
      case "runs/get" -> get(parameter(query));
      case "runs/search" -> search(json);
      case "runs/create" -> create(json);
      case "runs/update" -> update(json);
      case "runs/log-batch" -> logBatch(json);
      default -> error("ENDPOINT_NOT_FOUND", method);
    };
  }

  private static String parameter(String query) {
    return URLDecoder.decode(query.substring(query.indexOf('=') + 1), StandardCharsets.UTF_8);
  }

  private static ObjectNode error(String code, String message) {
    return JSON.createObjectNode().put("error_code", code).put("message", message);
  }

  private ObjectNode experiment(String name) {
    if (!experiments.containsKey(name)) {
      return error("RESOURCE_DOES_NOT_EXIST", "no experiment " + name);
    }
    ObjectNode answer = JSON.createObjectNode();
    answer
        .putObject("experiment")
        .put("experiment_id", experiments.get(name))
        .put("name", name)
        .put("lifecycle_stage", "active");
    return answer;
  }

  private ObjectNode createExperiment(String name) {
    if (experiments.containsKey(name)) {
      return error("RESOURCE_ALREADY_EXISTS", name);
    }
    experiments.put(name, Integer.toString(experiments.size() + 1));
    return JSON.createObjectNode().put("experiment_id", experiments.get(name));
  }

  private ObjectNode create(JsonNode body) {
    Run run =
        new Run(
            "run" + (runs.size() + 1),
            body.path("experiment_id").asText(),
            body.path("run_name").asText(),
            body.path("start_time").asLong());
    body.path("tags")
        .forEach(tag -> run.tags.put(tag.path("key").asText(), tag.path("value").asText()));
    runs.put(run.id, run);
    return get(run.id);
  }

  private ObjectNode get(String id) {
    Run run = runs.get(id);
    if (run == null) {
      return error("RESOURCE_DOES_NOT_EXIST", "no run " + id);
    }
    ObjectNode answer = JSON.createObjectNode();
    answer.set("run", json(run));
    return answer;
  }

  private static ObjectNode json(Run run) {
    ObjectNode json = JSON.createObjectNode();
    json.putObject("info")
        .put("run_id", run.id)
        .put("experiment_id", run.experiment)
        .put("status", run.status)
        .put("lifecycle_stage", run.lifecycle)
        .put("artifact_uri", "mlflow-artifacts:/%s/%s/artifacts".formatted(run.experiment, run.id));
    ArrayNode tags = json.putObject("data").putArray("tags");
    run.tags.forEach((key, value) -> tags.addObject().put("key", key).put("value", value));
    return json;
  }

  private ObjectNode search(JsonNode body) {
    String filter = body.path("filter").asText();
    ObjectNode answer = JSON.createObjectNode();
    ArrayNode found = answer.putArray("runs");
    for (Run run : runs.values()) {
      boolean there =
          run.tags.entrySet().stream()
              .anyMatch(
                  tag -> filter.equals("tags.`%s` = '%s'".formatted(tag.getKey(), tag.getValue())));
      if (there && run.lifecycle.equals("active")) {
        found.add(json(run));
      }
    }
    return answer;
  }

  private ObjectNode update(JsonNode body) {
    Run run = runs.get(body.path("run_id").asText());
    run.status = body.path("status").asText();
    run.end = body.path("end_time").asLong();
    return JSON.createObjectNode();
  }

  private ObjectNode logBatch(JsonNode body) {
    Run run = runs.get(body.path("run_id").asText());
    holdAgainstLimits(body);
    for (JsonNode param : body.path("params")) {
      String key = param.path("key").asText();
      String old = run.params.putIfAbsent(key, param.path("value").asText());
      if (old != null && !old.equals(param.path("value").asText())) {
        return error("INVALID_PARAMETER_VALUE", "changing param " + key);
      }
    }
    for (JsonNode metric : body.path("metrics")) {
      List<String> history =
          run.metrics.computeIfAbsent(metric.path("key").asText(), key -> new ArrayList<>());
      String point = "%s@%s".formatted(metric.path("value").asText(), metric.path("step").asText());
      String whole = point + " " + metric.path("timestamp").asText();
      if (!history.contains(whole)) {
        history.add(whole);
      }
    }
    body.path("tags")
        .forEach(tag -> run.tags.put(tag.path("key").asText(), tag.path("value").asText()));
    return JSON.createObjectNode();
  }

  private void holdAgainstLimits(JsonNode body) {
    limit(body, "metrics", 1000, 250);
    limit(body, "params", 100, 250);
    limit(body, "tags", 100, 250);
    for (JsonNode metric : body.path("metrics")) {
      if (!metric.path("value").isNumber()
          || !metric.path("timestamp").isIntegralNumber()
          || !metric.path("step").isIntegralNumber()) {
        violations.add("metric: " + metric);
      }
    }
  }

  private void limit(JsonNode body, String what, int most, int characters) {
    List<String> keys = new ArrayList<>();
    for (JsonNode each : body.path(what)) {
      keys.add(each.path("key").asText());
      if (!each.path("key").asText().matches("[\\w./ -]{1,%d}".formatted(characters))) {
        violations.add(what + ": " + each);
      }
    }
    boolean twice = !what.equals("metrics") && keys.stream().distinct().count() < keys.size();
    if (keys.size() > most || twice) {
      violations.add(what + ": " + keys);
    }
  }

  /** {@code value@step} of a metric, in the order in which they came. */
  synchronized List<String> history(String metric) {
    return only().metrics.getOrDefault(metric, List.of()).stream()
        .map(point -> point.substring(0, point.indexOf(' ')))
        .toList();
  }

  @Override
  public void close() {
    gate.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
