package org.elasticreset.cli;

import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counters of services at a moment, as Prometheus would read them.
 *
 * @param byProcess by HTTP port, and then by the meter's name with its tags; empty for one that has
 *     died, whose successor counts from 0
 */
record ServiceMeters(Map<Integer, Map<String, Double>> byProcess) {
  private static final int TIMEOUT_MILLIS = 2_000;
  private static final int PAUSE_MILLIS = 500;
  private static final int TRIES = 4;

  /** What was asked for is not known, and neither is anything that is computed from it. */
  static final class Unanswered extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private Unanswered(int port, IOException cause) {
      super(
          "the service on port %d did not say what it has counted: %s (expected: an answer to one of %d tries; nothing is written, for the figures would be wrong; try fewer processes, or more cores)"
              .formatted(port, cause, TRIES),
          cause);
    }
  }

  /**
   * Asks all of them, some of whom may be too busy at first.
   *
   * @throws Unanswered if one that is there says nothing
   */
  static ServiceMeters read(List<Integer> ports) throws InterruptedException {
    Map<Integer, Map<String, Double>> all = new HashMap<>();
    for (int port : ports) {
      all.put(port, read(port));
    }
    return new ServiceMeters(all);
  }

  private static Map<String, Double> read(int port) throws InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try {
        return ask(port);
      } catch (ConnectException e) {
        return Map.of();
      } catch (IOException e) {
        if (attempt == TRIES) {
          throw new Unanswered(port, e);
        }
        Thread.sleep(PAUSE_MILLIS);
      }
    }
  }

  private static Map<String, Double> ask(int port) throws IOException {
    HttpURLConnection request =
        (HttpURLConnection)
            URI.create("http://127.0.0.1:" + port + "/q/metrics").toURL().openConnection();
    request.setConnectTimeout(TIMEOUT_MILLIS);
    request.setReadTimeout(TIMEOUT_MILLIS);
    try (var text = request.getInputStream()) {
      return parse(new String(text.readAllBytes(), StandardCharsets.UTF_8));
    } finally {
      request.disconnect();
    }
  }

  /**
   * Lines of {@code name{tags} value}, in either of Prometheus' formats; others are passed over.
   */
  static Map<String, Double> parse(String text) {
    Map<String, Double> meters = new HashMap<>();
    text.lines()
        .filter(line -> !line.startsWith("#"))
        .forEach(
            line -> {
              int end = line.lastIndexOf(' ');
              if (end > 0) {
                try {
                  String name = line.substring(0, end).replace(",}", "}");
                  meters.put(name, Double.parseDouble(line.substring(end + 1)));
                } catch (NumberFormatException e) {
                  // No meter of ours.
                }
              }
            });
    return meters;
  }

  /**
   * What a counter has gained since an earlier moment, over these processes and all its tags. A
   * process that was started again has counted from 0.
   */
  double gained(ServiceMeters earlier, List<Integer> ports, String name) {
    double sum = 0;
    for (int port : ports) {
      Map<String, Double> before = earlier.byProcess.getOrDefault(port, Map.of());
      for (Map.Entry<String, Double> meter : byProcess.getOrDefault(port, Map.of()).entrySet()) {
        if (meter.getKey().equals(name) || meter.getKey().startsWith(name + "{")) {
          double then = before.getOrDefault(meter.getKey(), 0.0);
          sum += meter.getValue() >= then ? meter.getValue() - then : meter.getValue();
        }
      }
    }
    return sum;
  }
}
