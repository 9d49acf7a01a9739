package org.elasticreset.reward.raters.tools;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A webhook's HTTP. It is a route of its own, beside what people use: the sender has no session,
 * and the signature is over the bytes of the body.
 */
final class WebhookRoute {

  /** More than any answer has, of as many responses as are asked about at a time. */
  static final long MOST_BYTES = 1 << 20;

  private static final Logger LOG = Logger.getLogger(WebhookRoute.class);
  private static final String RETRY_SECONDS = "5";

  private WebhookRoute() {}

  /** Serves {@code POST path}; more than {@link #MOST_BYTES} are answered with 413. */
  static void install(Router router, String path, WebhookDesk desk) {
    router
        .post(path)
        .handler(BodyHandler.create(false).setBodyLimit(MOST_BYTES))
        // Off the event loop: a producer of Kafka may block until it has met its broker.
        .blockingHandler(call -> take(call, desk), false)
        .failureHandler(WebhookRoute::fail);
  }

  private static void take(RoutingContext call, WebhookDesk desk) {
    var body = call.body().buffer();
    Function<String, @Nullable String> header = call.request()::getHeader;
    desk.deliver(header, body == null ? new byte[0] : body.getBytes())
        .whenComplete(
            (answer, failure) -> {
              if (failure == null) {
                LOG.debugf(
                    "webhook answered outcome=%s words=%s", answer.outcome(), answer.words());
                answer(call.response(), answer);
              } else {
                call.fail(failure);
              }
            });
  }

  /** Of a body that is too large, 413; of a mistake of ours, 500. */
  private static void fail(RoutingContext call) {
    if (call.statusCode() < 0 || call.statusCode() >= 500) {
      LOG.error("webhook failed", call.failure());
    }
    call.response().setStatusCode(call.statusCode() < 0 ? 500 : call.statusCode()).end();
  }

  private static void answer(HttpServerResponse response, WebhookAnswer answer) {
    if (response.ended() || response.closed()) {
      return;
    }
    response.setStatusCode(answer.outcome().status());
    if (answer.outcome() == WebhookOutcome.NOT_IN_TIME) {
      response.putHeader(HttpHeaders.RETRY_AFTER, RETRY_SECONDS);
    }
    response
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .end(new JsonObject().put("message", answer.words()).encode());
  }
}
