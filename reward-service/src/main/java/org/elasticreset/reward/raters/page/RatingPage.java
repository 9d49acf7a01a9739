package org.elasticreset.reward.raters.page;

import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/** Puts the page at {@code /rate}; its other files are where Quarkus serves files. */
@Singleton
class RatingPage {

  private static final String PATH = "/rate";
  private static final String INDEX = PATH + "/index.html";

  void serve(@Observes Router router) {
    router.route(PATH + "/*").order(Integer.MIN_VALUE).handler(RatingPage::find);
  }

  /** A newer service may have newer files, so that a browser asks each time. */
  private static void find(RoutingContext call) {
    String path = call.normalizedPath();
    if (path.equals(PATH) || path.equals(PATH + "/")) {
      call.reroute(INDEX);
    } else {
      call.addHeadersEndHandler(sent -> call.response().putHeader("Cache-Control", "no-cache"));
      call.next();
    }
  }
}
