package org.elasticreset.reward.raters.page;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.elasticreset.browser.Browser;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * A service that does as it is told, and a browser that knows nobody at the beginning of a test.
 */
final class PageUnderTest implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {

  FakeRatingService service;
  Browser browser;

  @Override
  public void beforeAll(ExtensionContext context) {
    service = new FakeRatingService();
    // One for all classes: it takes a second or two to start.
    browser =
        context
            .getRoot()
            .getStore(Namespace.GLOBAL)
            .computeIfAbsent(Browser.class, any -> new Browser(), Browser.class);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    browser.forgetEverything(service.page());
    service.reset();
  }

  @Override
  public void afterAll(ExtensionContext context) {
    service.close();
  }

  /** Signed in, with the first of the requests on the page. */
  void openSignedIn() {
    browser.open(service.pageWithKey());
    browser.awaitShown("rating");
  }

  /** Waits until the service has taken so many ratings, and the page has said so. */
  List<JsonNode> awaitRatings(int count) {
    browser.await(count + " ratings", () -> service.ratings.size() >= count);
    return service.ratings;
  }

  /** Waits until this prompt is shown. */
  void awaitPrompt(String prompt) {
    browser.awaitText("prompt", prompt);
  }
}
