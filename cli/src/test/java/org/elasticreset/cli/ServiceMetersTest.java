package org.elasticreset.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ServiceMetersTest {

  private final AtomicInteger asked = new AtomicInteger();
  private HttpServer service;

  /** Asked for the n-th time it says that it has counted n, unless it is too busy. */
  private int busyTimes;

  @BeforeEach
  void begin() throws IOException {
    service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    service.createContext(
        "/q/metrics",
        exchange -> {
          int time = asked.incrementAndGet();
          byte[] body = ("a_total " + time + "\n").getBytes(UTF_8);
          exchange.sendResponseHeaders(time <= busyTimes ? 503 : 200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    service.start();
  }

  @AfterEach
  void end() {
    service.stop(0);
  }

  @Test
  void metersAreReadAsPrometheusReadsThemAndMayHaveBegunAnew() {
    var before = new ServiceMeters(Map.of(1, Map.of("a_total", 5.0), 2, Map.of("a_total", 5.0)));
    var after =
        new ServiceMeters(
            Map.of(
                1, ServiceMeters.parse("# HELP a_total\na_total 7.5\na_total{x=\"y\",} 1.0E1\n"),
                2, ServiceMeters.parse("a_total 2.0\nab_total 100.0\nnonsense\n")));

    assertThat(after.gained(before, List.of(1), "a_total")).isEqualTo(12.5);
    assertThat(after.gained(before, List.of(2), "a_total")).as("started again").isEqualTo(2);
    assertThat(after.gained(before, List.of(3), "a_total")).isZero();
    assertThat(after.gained(before, List.of(1), "a_total{x=\"y\"}")).isEqualTo(10);
  }

  @Test
  void serviceThatIsTooBusyAtFirstIsAskedAgain() throws Exception {
    int port = service.getAddress().getPort();
    busyTimes = 2;

    ServiceMeters meters = ServiceMeters.read(List.of(port));

    assertThat(meters.byProcess()).containsExactly(Map.entry(port, Map.of("a_total", 3.0)));
  }

  @Test
  void serviceThatIsNotThereHasCountedNothing() throws Exception {
    service.stop(0);

    assertThat(ServiceMeters.read(List.of(service.getAddress().getPort())).byProcess())
        .containsExactly(Map.entry(service.getAddress().getPort(), Map.of()));
  }

  /** It would count as one that had counted nothing until then. */
  @Test
  void serviceThatSaysNothingIsNotTakenForOneThatHasCountedNothing() {
    busyTimes = Integer.MAX_VALUE;

    assertThatThrownBy(() -> ServiceMeters.read(List.of(service.getAddress().getPort())))
        .isInstanceOf(ServiceMeters.Unanswered.class)
        .hasMessageContaining("port " + service.getAddress().getPort())
        .hasMessageContaining("503")
        .hasMessageContaining("nothing is written");
  }
}
