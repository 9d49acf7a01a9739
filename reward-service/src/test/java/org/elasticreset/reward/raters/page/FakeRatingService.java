package org.elasticreset.reward.raters.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** The page's files and a service that answers as it is told to, for one rater at a time. */
final class FakeRatingService implements AutoCloseable {

  static final String KEY = "a key of ann";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html", "js", "text/javascript", "css", "text/css", "svg", "image/svg+xml");

  /** What a rating is answered by in place of what it deserves. */
  record Refusal(int status, String retryAfter, String message) {}

  private final HttpServer server;
  private final Set<String> sessions = ConcurrentHashMap.newKeySet();
  private final List<ObjectNode> requests = new ArrayList<>();
  private final Set<String> answered = ConcurrentHashMap.newKeySet();
  private final Deque<Refusal> refusals = new ArrayDeque<>();
  final List<JsonNode> ratings = new CopyOnWriteArrayList<>();
  final List<JsonNode> attempts = new CopyOnWriteArrayList<>();
  volatile String guideline = "Prefer the answer that is right.\nIf both are, the shorter one.";
  volatile boolean muted;
  volatile List<String> roles = List.of("rater");

  FakeRatingService() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/rate", this::file);
    server.createContext("/api", this::api);
    server.setExecutor(Executors.newFixedThreadPool(4));
    server.start();
  }

  URI page() {
    return URI.create("http://localhost:" + server.getAddress().getPort() + "/rate");
  }

  URI pageWithKey() {
    return URI.create(page() + "#" + KEY.replace(" ", "%20"));
  }

  /** No requests, no ratings, nobody signed in. */
  synchronized void reset() {
    sessions.clear();
    requests.clear();
    answered.clear();
    refusals.clear();
    ratings.clear();
    attempts.clear();
    muted = false;
    roles = List.of("rater");
  }

  /** Asks for the order of texts, shown in the order given here: the reverse of the request's. */
  synchronized void askOrder(String id, String prompt, String... shown) {
    ask(id, "order", prompt, shown);
  }

  synchronized ObjectNode ask(String id, String kind, String prompt, String... shown) {
    var request = JSON.createObjectNode();
    request.put("requestId", id).put("kind", kind).put("prompt", prompt);
    request.put("worst", 1).put("best", 5);
    request.put("deadlineMillis", System.currentTimeMillis() + 600_000);
    var candidates = request.putArray("candidates");
    for (int i = 0; i < shown.length; i++) {
      candidates.addObject().put("index", shown.length - 1 - i).put("text", shown[i]);
    }
    requests.add(request);
    return request;
  }

  synchronized void refuseNext(int status, String retryAfter, String message) {
    refusals.add(new Refusal(status, retryAfter, message));
  }

  void endSessions() {
    sessions.clear();
  }

  private void file(HttpExchange call) throws IOException {
    String path = call.getRequestURI().getPath();
    String name = path.equals("/rate") ? "/rate/index.html" : path;
    try (var file = FakeRatingService.class.getResourceAsStream("/META-INF/resources" + name)) {
      var headers = call.getResponseHeaders();
      headers.set("Content-Security-Policy", policy());
      headers.set("Content-Type", TYPES.get(name.substring(name.lastIndexOf('.') + 1)));
      byte[] bytes = file == null ? new byte[0] : file.readAllBytes();
      send(call, file == null ? 404 : 200, bytes);
    }
  }

  /** That of the real service. */
  private static String policy() throws IOException {
    var settings = new Properties();
    try (var file = FakeRatingService.class.getResourceAsStream("/application.properties")) {
      settings.load(file);
    }
    return Objects.requireNonNull(
        settings.getProperty("quarkus.http.header.\"Content-Security-Policy\".value"));
  }

  private void api(HttpExchange call) throws IOException {
    String what = call.getRequestMethod() + " " + call.getRequestURI().getPath();
    byte[] sent = call.getRequestBody().readAllBytes();
    var body = sent.length == 0 ? JSON.createObjectNode() : JSON.readTree(sent);
    String cookies = String.valueOf(call.getRequestHeaders().getFirst("Cookie"));
    if (what.equals("POST /api/session")) {
      signIn(call, body);
    } else if (sessions.stream().noneMatch(cookies::contains)) {
      answer(call, 401, Map.of());
    } else if (!what.startsWith("GET")
        && !"token".equals(call.getRequestHeaders().getFirst("X-CSRF-TOKEN"))) {
      answer(call, 400, Map.of("error", "X-CSRF-TOKEN is missing"));
    } else {
      switch (what) {
        case "GET /api/rater" ->
            answer(
                call,
                200,
                Map.of("rater", "ann", "roles", roles, "muted", muted, "done", answered.size()));
        case "GET /api/rating-requests" -> give(call);
        case "POST /api/ratings" -> take(call, body);
        case "DELETE /api/session" -> {
          sessions.clear();
          answer(call, 204, null);
        }
        default -> answer(call, 404, Map.of());
      }
    }
  }

  private void signIn(HttpExchange call, JsonNode body) throws IOException {
    if (!KEY.equals(body.path("key").asText())) {
      answer(call, 401, Map.of());
      return;
    }
    String session = "session=s" + System.nanoTime();
    sessions.add(session);
    var headers = call.getResponseHeaders();
    headers.add("Set-Cookie", session + "; Path=/; HttpOnly; SameSite=Strict");
    headers.add("Set-Cookie", "csrf-token=token; Path=/; SameSite=Strict");
    answer(call, 204, null);
  }

  private synchronized void give(HttpExchange call) throws IOException {
    if (muted) {
      answer(call, 403, Map.of("error", "muted"));
      return;
    }
    var open =
        requests.stream().filter(r -> !answered.contains(r.get("requestId").asText())).toList();
    answer(
        call,
        200,
        Map.of(
            "guideline",
            guideline,
            "waiting",
            open.size(),
            "done",
            answered.size(),
            "requests",
            open.stream().limit(1).toList()));
  }

  private synchronized void take(HttpExchange call, JsonNode rating) throws IOException {
    attempts.add(rating);
    var refusal = refusals.poll();
    if (refusal != null) {
      if (!refusal.retryAfter().isEmpty()) {
        call.getResponseHeaders().set("Retry-After", refusal.retryAfter());
      }
      answer(call, refusal.status(), Map.of("error", refusal.message()));
      return;
    }
    if (muted) {
      answer(call, 403, Map.of("error", "muted"));
      return;
    }
    ratings.add(rating);
    String id = rating.get("requestId").asText();
    if (rating.path("withdrawn").asBoolean()) {
      answered.remove(id);
    } else {
      answered.add(id);
    }
    answer(call, 202, Map.of("requestId", id, "revision", rating.get("revision")));
  }

  private static void answer(HttpExchange call, int status, Object body) throws IOException {
    call.getResponseHeaders().set("Content-Type", "application/json");
    send(call, status, body == null ? new byte[0] : JSON.writeValueAsBytes(body));
  }

  private static void send(HttpExchange call, int status, byte[] bytes) throws IOException {
    call.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    try (var out = call.getResponseBody()) {
      out.write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
