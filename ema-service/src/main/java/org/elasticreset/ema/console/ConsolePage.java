package org.elasticreset.ema.console;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Puts the page at {@code /console}, if there is one; its files are where Quarkus serves files. */
@Singleton
class ConsolePage {

  private static final String PATH = "/console";

  private final ConsoleConfig config;

  ConsolePage(ConsoleConfig config) {
    this.config = config;
  }

  void serve(@Observes Router router) {
    router.route(PATH + "/*").order(Integer.MIN_VALUE).handler(this::find);
    router.route("/webjars/*").order(Integer.MIN_VALUE).handler(this::find);
  }

  /** A newer service may have newer files, so that a browser asks each time. */
  private void find(RoutingContext call) {
    String path = call.normalizedPath();
    if (!config.enabled()) {
      call.response().setStatusCode(404).end();
    } else if (path.equals(PATH) || path.equals(PATH + "/")) {
      call.reroute(PATH + "/index.html");
    } else {
      call.addHeadersEndHandler(sent -> call.response().putHeader("Cache-Control", "no-cache"));
      call.next();
    }
  }
}
