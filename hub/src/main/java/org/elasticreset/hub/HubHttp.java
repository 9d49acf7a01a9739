package org.elasticreset.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Requests, and where they lead: large files lie on other hosts. The token goes to the endpoint's
 * scheme, host and port, and to no other.
 */
final class HubHttp {

  private static final int MOST_REDIRECTS = 5;
  private static final Duration CONNECT = Duration.ofSeconds(10);

  private final HubSettings settings;
  private final Duration silence;
  private final HttpClient client;

  HubHttp(HubSettings settings, Duration silence) {
    this.settings = settings;
    this.silence = silence;
    // HTTP/1.1: a stream for each file gains nothing from the multiplexing of its successor.
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT)
            .build();
  }

  /**
   * What came of a request.
   *
   * @param uri that answered at last
   * @param hops headers of every answer on the way to it and of its own, in order
   */
  record Answer(int status, URI uri, List<HttpHeaders> hops, InputStream body)
      implements AutoCloseable {

    Optional<String> header(String name) {
      return hops.get(hops.size() - 1).firstValue(name);
    }

    /** As the first that knew it said: a store of large files does not repeat what the Hub said. */
    Optional<String> firstHeader(String name) {
      return hops.stream().flatMap(headers -> headers.firstValue(name).stream()).findFirst();
    }

    boolean isRedirect() {
      return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
    }

    /** What is left of the body is not read. */
    @Override
    public void close() {
      try {
        body.close();
      } catch (IOException e) {
        // Nobody waits for it.
      }
    }
  }

  /** Asks for headers; a redirect to another host is an answer, for it says all that we ask. */
  Answer head(URI uri) throws TransferFailure, HubException, InterruptedException {
    return follow(uri, 0, true);
  }

  /** Asks for a body, from a byte on. */
  Answer get(URI uri, long from) throws TransferFailure, HubException, InterruptedException {
    return follow(uri, from, false);
  }

  /** True of the scheme, host and port that the token is for. */
  boolean isEndpoint(URI uri) {
    URI endpoint = settings.endpoint();
    return endpoint.getScheme().equalsIgnoreCase(uri.getScheme())
        && endpoint.getHost().equalsIgnoreCase(uri.getHost())
        && port(endpoint) == port(uri);
  }

  private Answer follow(URI start, long from, boolean head)
      throws TransferFailure, HubException, InterruptedException {
    List<HttpHeaders> hops = new ArrayList<>();
    URI uri = start;
    for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      HttpResponse<InputStream> response = send(uri, from, head);
      hops.add(response.headers());
      var answer = new Answer(response.statusCode(), uri, List.copyOf(hops), response.body());
      if (!answer.isRedirect()) {
        return answer;
      }
      answer.close();
      URI next = target(uri, answer.header("Location").orElse(""));
      if (head && !isEndpoint(next)) {
        return answer;
      }
      uri = next;
    }
    throw new HubException(
        start.getHost() + ": more than " + MOST_REDIRECTS + " redirects (expected: a file)");
  }

  /** Where a redirect leads: never from https to http. */
  static URI target(URI from, String location) throws HubException {
    try {
      URI to = from.resolve(location);
      boolean asSafe = "https".equals(to.getScheme()) || "http".equals(from.getScheme());
      boolean web = "https".equals(to.getScheme()) || "http".equals(to.getScheme());
      if (!location.isEmpty() && web && asSafe && to.getHost() != null) {
        return to;
      }
    } catch (IllegalArgumentException e) {
      // Told below, without the text: addresses of stored files are signed.
    }
    throw new HubException(
        from.getHost() + ": a redirect (expected: to an http address, as safe as it was)");
  }

  private HttpResponse<InputStream> send(URI uri, long from, boolean head)
      throws TransferFailure, InterruptedException {
    var request =
        HttpRequest.newBuilder(uri)
            .timeout(silence)
            .header("User-Agent", "elastic-reset")
            .header("Accept-Encoding", "identity");
    if (from > 0) {
      request.header("Range", "bytes=" + from + "-");
    }
    if (isEndpoint(uri)) {
      settings.token().ifPresent(t -> request.header("Authorization", t.authorization()));
    }
    request.method(head ? "HEAD" : "GET", HttpRequest.BodyPublishers.noBody());
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    } catch (ConnectException e) {
      throw new TransferFailure(uri.getHost() + " cannot be reached", e);
    } catch (HttpTimeoutException e) {
      throw new TransferFailure(uri.getHost() + " does not answer", e);
    } catch (IOException e) {
      throw new TransferFailure(uri.getHost() + ": " + Quoted.messageOf(e), e);
    }
  }

  private static int port(URI uri) {
    return uri.getPort() >= 0
        ? uri.getPort()
        : "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
  }
}
