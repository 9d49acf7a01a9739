package org.elasticreset.reward.raters.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.elasticreset.reward.raters.tools.ToolRequests.pair;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.elasticreset.rating.tools.AnswerBook;
import org.elasticreset.rating.tools.SeenDeliveries;
import org.elasticreset.rating.tools.StandardWebhooks;
import org.elasticreset.reward.raters.RaterPresence;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class WebhookRouteTest {

  private static final Clock CLOCK = Clock.fixed(Deliveries.NOW, ZoneOffset.UTC);
  private static final byte[] BODY =
      Deliveries.argilla("response.created", pair(1), "2026-11-27T08:30:00.000001");

  private final FakeRatings ratings = new FakeRatings();
  private final HttpClient http = HttpClient.newHttpClient();
  private final Vertx vertx = Vertx.vertx();
  private HttpServer server;

  @BeforeEach
  void serve() throws Exception {
    Router router = Router.router(vertx);
    WebhookRoute.install(
        router,
        "/webhooks/argilla",
        new WebhookDesk(
            new ArgillaWebhook(StandardWebhooks.of(List.of(Deliveries.SECRET))),
            ToolRequests.RUN,
            new AnswerBook(10),
            new SeenDeliveries(10),
            ratings,
            new RaterPresence(CLOCK, Duration.ofMinutes(1)),
            new ToolMetrics(new SimpleMeterRegistry()),
            CLOCK,
            Duration.ofMillis(300)));
    server =
        vertx
            .createHttpServer()
            .requestHandler(router)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .get(10, TimeUnit.SECONDS);
  }

  @AfterEach
  void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Test
  void aDeliveryIsAnsweredWhenKafkaHasIt() throws Exception {
    var answer = post(signed(), BODY);
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo("{\"message\":\"1 taken\"}");
    assertThat(ratings.written).hasSize(1);
    assertThat(post(signed(), BODY).statusCode()).as("a replay").isEqualTo(202);
  }

  @Test
  void aWrongSignatureIsUnauthorizedAndTooLargeABodyIsNotRead() throws Exception {
    assertThat(post(Map.of(), BODY).statusCode()).isEqualTo(401);
    byte[] large = new byte[(int) WebhookRoute.MOST_BYTES + 1];
    assertThat(post(signed(), large).statusCode()).isEqualTo(413);
  }

  @Test
  void aKafkaThatIsAwayIsSaidWithinTheSecondThatLabelStudioWaits() throws Exception {
    ratings.away = true;
    long begun = System.nanoTime();
    var answer = post(signed(), BODY);
    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.headers().firstValue("retry-after")).contains("5");
    assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(5));
  }

  private static Map<String, String> signed() {
    return Deliveries.signed("m1", Deliveries.NOW, BODY, Deliveries.SECRET);
  }

  private HttpResponse<String> post(Map<String, String> headers, byte[] body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:%d/webhooks/argilla".formatted(server.actualPort())))
            .POST(BodyPublishers.ofByteArray(body));
    headers.forEach(request::header);
    return http.send(request.build(), BodyHandlers.ofString());
  }
}
