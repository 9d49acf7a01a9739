package org.elasticreset.reward.raters.http;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.elasticreset.reward.raters.RatersSettings;
import org.jspecify.annotations.Nullable;

/**
 * Where nobody is asked there is nothing but health and metrics. Where somebody is, nobody says
 * more at a time than raters have to say.
 */
@Singleton
class ClosedDoor {

  /** Before anything else, who a caller is included. */
  private static final int FIRST = 10_000;

  private static final int MOST_BYTES = 64 << 10;
  private static final int TOO_LARGE = 413;
  private static final int NOT_FOUND = 404;

  private final RatersSettings settings;

  @Inject
  ClosedDoor(RatersSettings settings) {
    this.settings = settings;
  }

  void close(@Observes Filters filters) {
    filters.register(settings.enabled() ? ClosedDoor::bound : ClosedDoor::pass, FIRST);
  }

  /** What does not say how long it is is bounded by {@code quarkus.http.limits.max-body-size}. */
  private static void bound(RoutingContext call) {
    @Nullable String length = call.request().getHeader("Content-Length");
    boolean isLong =
        length != null && (!length.matches("\\d{1,9}") || Integer.parseInt(length) > MOST_BYTES);
    if (isLong && call.normalizedPath().startsWith("/api/")) {
      call.response().setStatusCode(TOO_LARGE).putHeader("Connection", "close").end();
    } else {
      call.next();
    }
  }

  private static void pass(RoutingContext call) {
    if (call.normalizedPath().startsWith("/q/")) {
      call.next();
    } else {
      call.response().setStatusCode(NOT_FOUND).end();
    }
  }
}
