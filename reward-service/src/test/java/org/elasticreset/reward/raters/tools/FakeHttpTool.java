package org.elasticreset.reward.raters.tools;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A server that speaks a tool's API as far as it is documented and used. */
abstract class FakeHttpTool implements AutoCloseable {

  static final JsonMapper MAPPER = new JsonMapper();
  static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** What is answered, by what is thrown. */
  static final class Status extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int status;

    Status(int status) {
      super(String.valueOf(status));
      this.status = status;
    }
  }

  final List<String> calls = new ArrayList<>();
  private final HttpServer server;

  FakeHttpTool() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.createContext("/", this::serve);
    server.start();
  }

  URI address() {
    return URI.create(
        "http://%s:%d/"
            .formatted(
                server.getAddress().getAddress().getHostAddress(), server.getAddress().getPort()));
  }

  /** Of a call: the answer, 201 for POST, 204 for DELETE and else 200. */
  abstract JsonNode answer(
      String method, String path, Map<String, String> query, JsonNode body, HttpExchange call);

  private synchronized void serve(HttpExchange call) throws IOException {
    try (call) {
      String method = call.getRequestMethod();
      String path = call.getRequestURI().getPath();
      calls.add(method + " " + path);
      byte[] sent = call.getRequestBody().readAllBytes();
      byte[] answer = {};
      int status = method.equals("POST") ? 201 : method.equals("DELETE") ? 204 : 200;
      try {
        JsonNode body = sent.length == 0 ? JSON.missingNode() : MAPPER.readTree(sent);
        JsonNode said = answer(method, path, query(call), body, call);
        answer = status == 204 ? answer : MAPPER.writeValueAsBytes(said);
      } catch (Status e) {
        status = e.status;
      }
      call.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
      if (answer.length > 0) {
        call.getResponseBody().write(answer);
      }
    }
  }

  private static Map<String, String> query(HttpExchange call) {
    Map<String, String> query = new HashMap<>();
    String raw = call.getRequestURI().getRawQuery();
    for (String part : raw == null ? new String[0] : raw.split("&")) {
      String[] pair = part.split("=", 2);
      query.put(pair[0], URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
    }
    return query;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
