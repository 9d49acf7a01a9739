package org.elasticreset.reward.raters.page;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.Keys;

/** What a rater does at the page, with real keys and clicks. */
class AnsweringTest {

  @RegisterExtension static final PageUnderTest page = new PageUnderTest();

  @Test
  void clickSaysWhichAnswerIsBetterInTheOrderOfTheRequest() {
    page.service.askOrder("q1", "What is 6 × 7?", "42", "about 40");
    page.openSignedIn();

    page.browser.click("1 is better");

    var rating = page.awaitRatings(1).get(0);
    assertThat(rating.get("requestId").asText()).isEqualTo("q1");
    assertThat(rating.get("ranks")).hasToString("[2,1]");
    assertThat(rating.get("shown")).hasToString("[1,0]");
    assertThat(rating.get("latencyMillis").asLong()).isBetween(1L, 60_000L);
    page.browser.awaitText("said", "1 is better: taken.");
    page.browser.awaitText("progress", "1 done · 0 waiting");
  }

  @Test
  void keyboardAloneSignsInReadsAnswersCommentsAndSkips() {
    page.service.askOrder("q1", "First?", "yes", "no");
    page.service.askOrder("q2", "Second?", "yes", "no");
    page.service.askOrder("q3", "Third?", "yes", "no");
    page.browser.open(page.service.page());
    page.browser.awaitShown("sign-in");

    page.browser.press(FakeRatingService.KEY, Keys.ENTER);
    page.awaitPrompt("First?");
    page.browser.press("2");
    page.awaitPrompt("Second?");
    page.browser.press("c");
    page.browser.press("1 says s, u and t");
    page.browser.press(Keys.ESCAPE);
    page.browser.press("t");
    page.awaitPrompt("Third?");
    assertThat(page.browser.focused()).isEqualTo("prompt");
    page.browser.press("s");

    var ratings = page.awaitRatings(3);
    page.browser.awaitText("quiet-title", "Nothing to rate right now");
    assertThat(ratings.get(0).get("ranks")).hasToString("[1,2]");
    assertThat(ratings.get(1).get("ranks")).hasToString("[1,1]");
    assertThat(ratings.get(1).get("comment").asText()).isEqualTo("1 says s, u and t");
    assertThat(ratings.get(2).get("skip").asBoolean()).isTrue();
  }

  @Test
  void everyButtonIsReachedByTabAndPressedByEnter() {
    page.service.askOrder("q1", "First?", "yes", "no");
    page.openSignedIn();

    page.browser.press(Keys.TAB, Keys.TAB, Keys.TAB);
    assertThat(page.browser.focused()).startsWith("1 is better");
    page.browser.press(Keys.TAB, Keys.ENTER);

    assertThat(page.awaitRatings(1).get(0).get("ranks")).hasToString("[1,1]");
  }

  @Test
  void undoShowsTheLastAnswerAgainAndTheNextOneRevisesIt() {
    page.service.askOrder("q1", "First?", "yes", "no");
    page.service.askOrder("q2", "Second?", "yes", "no");
    page.openSignedIn();
    page.browser.press("1");
    page.awaitPrompt("Second?");

    page.browser.press("u");
    page.awaitPrompt("First?");
    assertThat(page.browser.all("#choices [aria-pressed=true]"))
        .singleElement()
        .satisfies(b -> assertThat(b.getText()).startsWith("1 is better"));
    page.browser.press("2");
    page.awaitPrompt("Second?");

    var ratings = page.awaitRatings(2);
    assertThat(ratings.get(1).get("requestId").asText()).isEqualTo("q1");
    assertThat(ratings.get(1).get("ranks")).hasToString("[1,2]");
    assertThat(ratings.get(1).get("revision").asLong())
        .isGreaterThan(ratings.get(0).get("revision").asLong());
  }

  @Test
  void undoGoesFurtherBackEachTime() {
    page.service.askOrder("q1", "First?", "yes", "no");
    page.service.askOrder("q2", "Second?", "yes", "no");
    page.service.askOrder("q3", "Third?", "yes", "no");
    page.openSignedIn();
    page.browser.press("1");
    page.awaitPrompt("Second?");
    page.browser.press("1");
    page.awaitPrompt("Third?");

    page.browser.press("u");
    page.awaitPrompt("Second?");
    page.browser.press("u");
    page.awaitPrompt("First?");
    page.browser.press("s");
    page.awaitPrompt("Third?");

    assertThat(page.awaitRatings(3).get(2).get("requestId").asText()).isEqualTo("q1");
    assertThat(page.service.ratings.get(2).get("skip").asBoolean()).isTrue();
  }

  @Test
  void lastAnswerIsWithdrawnWhenNothingElseWaits() {
    page.service.askOrder("q1", "First?", "yes", "no");
    page.openSignedIn();
    page.browser.press("1");
    page.browser.awaitText("quiet-title", "Nothing to rate right now");

    page.browser.click("Undo");
    page.awaitPrompt("First?");
    page.browser.click("Withdraw");

    assertThat(page.awaitRatings(2).get(1).get("withdrawn").asBoolean()).isTrue();
    page.browser.awaitText("said", "Withdrawn: taken.");
    page.awaitPrompt("First?");
  }

  @Test
  void undoneAnswerMayStayAsItWas() {
    page.service.askOrder("q1", "First?", "yes", "no");
    page.service.askOrder("q2", "Second?", "yes", "no");
    page.openSignedIn();
    page.browser.press("1");
    page.awaitPrompt("Second?");

    page.browser.press("u");
    page.awaitPrompt("First?");
    page.browser.press(Keys.ESCAPE);
    page.awaitPrompt("Second?");

    assertThat(page.service.ratings).hasSize(1);
  }

  @Test
  void severalAnswersAreRankedByKeysInOrderAndMayShareAPlace() {
    page.service.askOrder("q1", "Which?", "c", "b", "a");
    page.openSignedIn();

    page.browser.press("2", "1", "t", "3");
    assertThat(page.browser.text("choices")).contains("2, then 1 and 3");
    page.browser.press(Keys.ENTER);

    assertThat(page.awaitRatings(1).get(0).get("ranks")).hasToString("[2,1,2]");
  }

  @Test
  void placesOfARankingAreClicked() {
    page.service.askOrder("q1", "Which?", "c", "b", "a");
    page.openSignedIn();

    for (String place :
        new String[] {"place-0\"][value=\"3", "place-1\"][value=\"1", "place-2\"][value=\"1"}) {
      page.browser.all("input[name=\"" + place + "\"]").get(0).click();
    }
    page.browser.click("Send ranking");

    assertThat(page.awaitRatings(1).get(0).get("ranks")).hasToString("[1,1,2]");
  }

  @Test
  void markOfAScaleIsSentByItsDigitAndEnter() {
    page.service.ask("q1", "scale", "How good?", "fine");
    page.openSignedIn();

    page.browser.press("4", Keys.ENTER);

    assertThat(page.awaitRatings(1).get(0).get("mark").asDouble()).isEqualTo(4);
  }

  @Test
  void scaleHasRoundStepsWhateverItsEnds() {
    page.service.ask("q1", "scale", "How good?", "fine").put("worst", -0.5).put("best", 0.5);
    page.openSignedIn();

    assertThat(page.browser.all(".mark").stream().map(m -> m.getText()))
        .containsExactly(
            "-0.5", "-0.4", "-0.3", "-0.2", "-0.1", "0", "0.1", "0.2", "0.3", "0.4", "0.5");
  }

  @Test
  void thumbIsUpOrDown() {
    page.service.ask("q1", "thumbs", "Good?", "fine");
    page.openSignedIn();

    page.browser.click("Not good");

    assertThat(page.awaitRatings(1).get(0).get("thumbUp").asBoolean()).isFalse();
  }

  @Test
  void helpIsOpenedByItsKeyAndKeysCanBeSwitchedOff() {
    page.service.askOrder("q1", "First?", "yes", "no");
    page.openSignedIn();

    page.browser.press("?");
    page.browser.awaitShown("help");
    page.browser.byId("keys-on").click();
    page.browser.click("Close");
    page.browser.press("1");
    page.browser.click("2 is better");

    assertThat(page.awaitRatings(1))
        .singleElement()
        .hasToString(page.service.attempts.get(0).toString());
    assertThat(page.service.ratings.get(0).get("ranks")).hasToString("[1,2]");
  }
}
