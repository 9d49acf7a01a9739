package org.elasticreset.ema;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.net.URI;
import java.util.List;
import org.elasticreset.browser.Browser;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Coming in by a key, and going out, in a browser. */
@QuarkusTest
@TestProfile(ConsoleWithKeys.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ConsoleSignInTest {

  private static Browser browser;

  @TestHTTPResource("/console")
  URI page;

  @BeforeAll
  static void openBrowser() {
    browser = new Browser();
  }

  @AfterAll
  static void close() {
    ConsoleWithKeys.write(ConsoleWithKeys.everybody());
    browser.close();
  }

  @BeforeEach
  void open() throws Exception {
    ConsoleWithKeys.write(ConsoleWithKeys.everybody());
    // A change counts within a second; asking meanwhile would count as guessing.
    Thread.sleep(1_100);
    browser.open(page);
    browser.script("sessionStorage.clear()");
    browser.open(page);
    browser.awaitShown("sign-in");
  }

  @Test
  void wrongKeyIsSaidToBeWrongAndTheRightOneComesIn() {
    assertThat(browser.isShown("sign-out")).isFalse();
    assertThat(browser.accessibilityViolations()).isEmpty();

    comeIn("not it");
    browser.awaitText("key-trouble", "not known here");
    comeIn(ConsoleWithKeys.KEY);

    browser.awaitText("connection", "live");
    browser.awaitText("you", "as ada");
    assertThat(browser.isShown("sign-in")).isFalse();
    assertThat(browser.isShown("by")).as("a field for a name").isFalse();
    assertThat(browser.isShown("operate")).isTrue();
  }

  @Test
  void whoSignsOutIsOutAndTheKeyIsNowhere() {
    comeIn(ConsoleWithKeys.KEY);
    browser.awaitShown("sign-out");

    browser.click("Sign out");

    browser.awaitShown("sign-in");
    assertThat(browser.script("return JSON.stringify(sessionStorage)")).isEqualTo("{}");
    assertThat(browser.script("return document.getElementById('key').value")).isEqualTo("");
  }

  @Test
  void keyThatIsTakenAwayEndsAnOpenPage() {
    comeIn(ConsoleWithKeys.KEY);
    browser.awaitText("connection", "live");

    ConsoleWithKeys.write(List.of(ConsoleWithKeys.line("eve", "viewer", ConsoleWithKeys.EVES_KEY)));

    browser.awaitShown("sign-in");
    browser.awaitText("key-trouble", "counts no more");
  }

  @Test
  void viewerLooksAndFindsNoButtons() {
    comeIn(ConsoleWithKeys.EVES_KEY);

    browser.awaitText("you", "as eve");
    browser.awaitShown("looks-only");
    assertThat(browser.isShown("operate")).isFalse();

    ConsoleWithKeys.write(
        List.of(ConsoleWithKeys.line("eve", "operator", ConsoleWithKeys.EVES_KEY)));
    browser.awaitShown("operate");
  }

  /** The last: this machine is not listened to for a minute. */
  @Test
  @Order(Integer.MAX_VALUE)
  void whoGuessesIsToldToWait() {
    for (int i = 0; i < 30 && !browser.text("key-trouble").contains("too many"); i++) {
      comeIn("guess " + i);
      browser.await("an answer", () -> browser.isShown("sign-in"));
    }

    browser.awaitText("key-trouble", "too many wrong keys");
  }

  private static void comeIn(String key) {
    browser.byId("key").sendKeys(key);
    browser.click("Come in");
  }
}
