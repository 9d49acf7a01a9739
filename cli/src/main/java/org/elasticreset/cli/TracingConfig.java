package org.elasticreset.cli;

import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Spans of the steps, for a collector of OpenTelemetry.
 *
 * @param otlp where it listens; absent: nobody traces
 * @param sample share of the steps, and of the evaluations, that are traced
 */
record TracingConfig(
    @Nullable @Expected("the URL of a collector, http://127.0.0.1:4317") String otlp,
    @Expected("0 <= sample <= 1") double sample) {

  /** The port at which collectors expect HTTP; at any other it is gRPC. */
  private static final int HTTP_PORT = 4318;

  /** What no type says. */
  static void check(TracingConfig tracing) {
    String otlp = tracing.otlp();
    if (otlp != null && !isUrl(otlp)) {
      throw InvalidInputException.of(
          "tracing.otlp",
          otlp,
          "the URL of a collector: http://127.0.0.1:4317, or port 4318 where it speaks HTTP");
    }
  }

  private static boolean isUrl(String text) {
    try {
      URI url = new URI(text);
      return ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))
          && url.getHost() != null
          && url.getPort() > 0
          && url.getUserInfo() == null;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  /** Into what a service reads. */
  void addTo(ServiceSettings settings, String service, String process) {
    if (otlp == null) {
      return;
    }
    boolean http = URI.create(otlp).getPort() == HTTP_PORT;
    settings.put("quarkus.otel.sdk.disabled", false);
    settings.put("quarkus.otel.exporter.otlp.endpoint", otlp);
    settings.put("quarkus.otel.exporter.otlp.protocol", http ? "http/protobuf" : "grpc");
    // A run may end sooner than the five seconds for which spans are gathered otherwise, and on
    // busy cores a service that is stopped loses those that it has not sent.
    settings.put("quarkus.otel.bsp.schedule.delay", "500ms");
    settings.put("quarkus.otel.resource.attributes", "service.instance.id=" + process);
    if (service.equals("learner-service")) {
      settings.put("quarkus.otel.traces.sampler.arg", sample);
    }
  }
}
