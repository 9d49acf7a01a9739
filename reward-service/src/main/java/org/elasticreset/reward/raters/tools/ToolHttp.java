package org.elasticreset.reward.raters.tools;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import org.elasticreset.proto.Untrusted;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** JSON over HTTP with a tool. It follows no redirect, which would carry the key elsewhere. */
final class ToolHttp {

  private static final Logger LOG = Logger.getLogger(ToolHttp.class);
  private static final JsonMapper MAPPER = new JsonMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  /** Says who calls. */
  interface Credentials {

    /** The header to send, a name and a value. */
    Map.Entry<String, String> header() throws IOException, InterruptedException;
  }

  private final HttpClient client =
      HttpClient.newBuilder()
          .connectTimeout(TIMEOUT)
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();
  private final String base;

  /**
   * Calls the API at an address.
   *
   * @param base with or without a slash at its end
   */
  ToolHttp(URI base) {
    this.base = base.toString().replaceFirst("/+$", "");
  }

  /** A value for a query. */
  static String encoded(String value) {
    return URLEncoder.encode(value, UTF_8);
  }

  JsonNode get(Credentials credentials, String path) throws IOException, InterruptedException {
    return call("GET", path, null, credentials);
  }

  /**
   * Sends JSON.
   *
   * @return what comes back; nothing is a missing node
   * @throws ToolRefused if the answer is no success
   */
  JsonNode send(Credentials credentials, String method, String path, JsonNode body)
      throws IOException, InterruptedException {
    return call(method, path, body, credentials);
  }

  /** Sends nothing but the call. */
  JsonNode send(Credentials credentials, String method, String path)
      throws IOException, InterruptedException {
    return call(method, path, null, credentials);
  }

  /** Sends JSON without saying who calls. */
  JsonNode post(String path, JsonNode body) throws IOException, InterruptedException {
    return call("POST", path, body, null);
  }

  private JsonNode call(
      String method, String path, @Nullable JsonNode body, @Nullable Credentials credentials)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(TIMEOUT)
            .method(method, publisher(body))
            .header("Accept", "application/json");
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    if (credentials != null) {
      var header = credentials.header();
      request.header(header.getKey(), header.getValue());
    }
    return read(method + " " + path, client.send(request.build(), BodyHandlers.ofByteArray()));
  }

  private static BodyPublisher publisher(@Nullable JsonNode body) throws IOException {
    return body == null
        ? BodyPublishers.noBody()
        : BodyPublishers.ofByteArray(MAPPER.writeValueAsBytes(body));
  }

  private static JsonNode read(String call, HttpResponse<byte[]> response) throws IOException {
    // Without the query, which is of no use to who reads the log.
    String shown = Untrusted.shown(call.replaceFirst("\\?.*", ""));
    if (response.statusCode() / 100 != 2) {
      LOG.debugf(
          "tool refused call=%s answer=%s",
          shown, Untrusted.shown(new String(response.body(), UTF_8)));
      throw new ToolRefused(shown, response.statusCode());
    }
    try {
      return MAPPER.readTree(response.body());
    } catch (JsonProcessingException e) {
      throw new IOException(shown + " answered what is no JSON", e);
    }
  }
}
