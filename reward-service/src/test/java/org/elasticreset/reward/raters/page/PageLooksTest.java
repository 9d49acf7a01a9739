package org.elasticreset.reward.raters.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is seen, on which screen, whatever a policy wrote. */
class PageLooksTest {

  @RegisterExtension static final PageUnderTest page = new PageUnderTest();

  private static final String NO_WIDER_THAN_THE_SCREEN =
      "return document.documentElement.scrollWidth <= window.innerWidth";

  private static final String PROMPT =
      "A friend has a cold and asks what to drink. What do you say?";
  private static final String LONGER =
      "Warm things help most: a broth, or tea with honey and a little ginger.\n\n"
          + "Drink a cup every hour or two, and leave coffee and wine for when you are well again.";
  private static final String SHORTER = "Something warm. Tea is fine.";

  @Test
  void scriptOfAPolicyIsShownAndNotRun() {
    String script =
        "<script>document.title = 'owned'</script><img src=x onerror=\"document.title='owned'\">";
    page.service.askOrder("q1", script, script, "<b>bold</b>");

    page.openSignedIn();

    assertThat(page.browser.text("prompt")).isEqualTo(script);
    assertThat(page.browser.all("#rating script, #rating img, #rating b")).isEmpty();
    assertThat(page.browser.script("return document.title"))
        .isEqualTo("Which answer is better? · Rate");
    assertThat(page.browser.complaints()).isEmpty();
  }

  @Test
  void charactersThatHideOrTurnOthersAreShownByTheirNumbers() {
    page.service.askOrder(
        "q1",
        "Pay \u202E001\u202C now",
        "a\u200Bb\u0007c",
        "x" + "\u0301".repeat(500) + "\u2066".repeat(20));

    page.openSignedIn();

    assertThat(page.browser.text("prompt")).isEqualTo("Pay ⟨U+202E⟩001⟨U+202C⟩ now");
    assertThat(page.browser.text("answers"))
        .contains("a⟨U+200B⟩b␇c")
        .contains("⟨+492 marks⟩⟨20 unseen characters⟩");
  }

  @Test
  void rightToLeftTextHasItsDirectionAndKeepsItToItself() {
    page.service.askOrder("q1", "שלום, מה שלומך?", "طيب، شكرا.", "fine");

    page.openSignedIn();

    assertThat(
            page.browser.script(
                "return getComputedStyle(document.getElementById('prompt')).direction"))
        .isEqualTo("rtl");
    assertThat(page.browser.byId("prompt").getCssValue("unicode-bidi")).isEqualTo("isolate");
    assertThat(page.browser.byId("question").getCssValue("direction")).isEqualTo("ltr");
  }

  @Test
  void oneLineOfAHundredKilobytesNeitherBreaksTheLayoutNorHoldsItUp() {
    page.service.askOrder(
        "q1", "w".repeat(100_000), "a\u202E".repeat(50_000), "line\n".repeat(20_000));
    page.browser.narrow(360);
    long begin = System.nanoTime();

    page.openSignedIn();

    assertThat(page.browser.script(NO_WIDER_THAN_THE_SCREEN)).isEqualTo(true);
    assertThat((long) page.browser.script("return document.documentElement.scrollHeight"))
        .isLessThan(4000);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
    page.browser.press("1");
    page.awaitRatings(1);
  }

  @Test
  void emptyAnswerIsSaidToBeEmpty() {
    page.service.askOrder("q1", "Say nothing.", "", "nothing");

    page.openSignedIn();

    assertThat(page.browser.all("#answers .text.empty")).hasSize(1);
  }

  @Test
  void phoneShowsAnswersBelowEachOtherAndButtonsAtTheBottom() {
    page.browser.narrow(360);
    page.service.askOrder("q1", PROMPT, LONGER.repeat(4), SHORTER.repeat(40));

    page.openSignedIn();

    assertThat(page.browser.script(NO_WIDER_THAN_THE_SCREEN)).isEqualTo(true);
    var cards = page.browser.all("#answers article");
    assertThat(cards.get(1).getLocation().y).isGreaterThan(cards.get(0).getLocation().y);
    assertThat(
            (long)
                page.browser.script(
                    "return Math.round(document.getElementById('bar').getBoundingClientRect().bottom)"))
        .isEqualTo(740);
    page.browser.screenshot("phone");
    page.browser.click("2 is better");
    page.awaitRatings(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void everyStateOfThePageKeepsTheRulesOfAccessibility(String colours) {
    page.browser.colours(colours);
    page.browser.open(page.service.page());
    page.browser.awaitShown("sign-in");
    assertAccessible("sign-in-" + colours);

    page.service.askOrder("q1", PROMPT, LONGER, SHORTER);
    page.service.askOrder("q2", PROMPT, LONGER, SHORTER, "A glass of cold milk.");
    page.service.ask("q3", "scale", PROMPT, LONGER);
    page.service.ask("q4", "thumbs", PROMPT, LONGER);
    page.openSignedIn();
    assertAccessible("pair-" + colours);
    page.browser.click("Help");
    assertAccessible("help-" + colours);
    page.browser.click("Close");
    page.browser.press("c", "warm");
    assertAccessible("comment-" + colours);
    page.browser.narrow(390);
    assertAccessible("pair-narrow-" + colours);
    page.service.refuseNext(503, "60", "");
    page.browser.click("1 is better");
    page.browser.awaitText("trouble", "is kept");
    assertAccessible("trouble-" + colours);
    page.browser.click("Try now");
    page.browser.awaitText("question", "in order");
    page.browser.wide();
    page.browser.press("1");
    assertAccessible("ranking-" + colours);
    page.browser.press("2", "3", "\n");
    page.browser.awaitText("question", "How good");
    page.browser.press("4");
    assertAccessible("scale-" + colours);
    page.browser.press("\n");
    page.browser.awaitText("question", "Is this answer good?");
    assertAccessible("thumbs-" + colours);
    page.browser.press("2");
    page.browser.awaitText("quiet-title", "Nothing to rate");
    assertAccessible("idle-" + colours);
    page.browser.press("u");
    page.browser.awaitShown("withdraw");
    assertAccessible("again-" + colours);
    assertThat(page.browser.complaints())
        .noneMatch(line -> line.contains("Content Security Policy"));
  }

  private static void assertAccessible(String state) {
    page.browser.screenshot(state);
    // In the dark only the colours are others.
    String[] rules = state.endsWith("dark") ? new String[] {"color-contrast"} : new String[0];
    assertThat(page.browser.accessibilityViolations(rules)).as(state).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {360, 1280})
  void buttonsAreLargeEnoughForAFinger(int width) {
    if (width < 1000) {
      page.browser.narrow(width);
    }
    page.service.askOrder("q1", PROMPT, LONGER, SHORTER, "A glass of cold milk.");

    page.openSignedIn();

    assertThat(page.browser.all("button, .mark, summary").stream().filter(b -> b.isDisplayed()))
        .allSatisfy(
            b ->
                assertThat(Math.min(b.getSize().height, b.getSize().width))
                    .isGreaterThanOrEqualTo(44));
  }
}
