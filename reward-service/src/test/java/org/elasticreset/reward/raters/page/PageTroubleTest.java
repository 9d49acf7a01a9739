package org.elasticreset.reward.raters.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.Keys;

/** What the page does when something goes wrong, and what it tells. */
class PageTroubleTest {

  @RegisterExtension static final PageUnderTest page = new PageUnderTest();

  @Test
  void keyIsTakenOutOfTheAddressAndOfTheHistory() {
    page.service.askOrder("q1", "First?", "yes", "no");

    page.openSignedIn();

    assertThat(page.browser.address()).isEqualTo(page.service.page().toString());
    assertThat(page.browser.script("return document.cookie")).asString().doesNotContain("session");
    assertThat(page.browser.history())
        .contains(page.service.page().toString())
        .noneMatch(address -> address.contains("#"));
  }

  @Test
  void wrongKeyIsSaidAndTheRightOneIsTakenThen() {
    page.service.askOrder("q1", "First?", "yes", "no");

    page.browser.open(URI.create(page.service.page() + "#wrong"));
    page.browser.awaitText("key-trouble", "This key is not known");
    assertThat(page.browser.focused()).isEqualTo("key");
    page.browser.press(FakeRatingService.KEY, Keys.ENTER);

    page.awaitPrompt("First?");
  }

  @Test
  void lostConnectionKeepsTheAnswerAndSendsItOnceMoreWithTheSameRevision() {
    page.service.askOrder("q1", "First?", "yes", "no");
    page.openSignedIn();

    page.browser.lost(true);
    page.browser.press("1");
    page.browser.awaitText("trouble", "Your answer is kept and is sent again");
    assertThat(page.browser.text("said")).isEqualTo("1 is better: sending …");
    page.browser.lost(false);

    page.awaitRatings(1);
    page.browser.awaitText("said", "1 is better: taken.");
    assertThat(page.browser.isShown("trouble")).isFalse();
  }

  @Test
  void failedAnswerIsSentAgainAsTheSame() {
    page.service.askOrder("q1", "First?", "yes", "no");
    page.service.refuseNext(503, "60", "");
    page.openSignedIn();

    page.browser.press("1");
    page.browser.awaitText("trouble", "The service does not answer");
    page.browser.click("Try now");

    page.awaitRatings(1);
    assertThat(page.service.attempts).hasSize(2);
    assertThat(page.service.attempts.get(1)).isEqualTo(page.service.attempts.get(0));
  }

  @Test
  void troubleIsSeenWhereverTheRaterHasScrolledTo() {
    page.browser.narrow(360);
    page.service.askOrder("q1", "First?", "yes\n".repeat(40), "no\n".repeat(40));
    page.service.refuseNext(503, "30", "");
    page.openSignedIn();
    page.browser.script("window.scrollTo(0, document.body.scrollHeight)");

    page.browser.press("1");

    page.browser.awaitText("trouble", "is kept");
    assertThat(
            (boolean)
                page.browser.script(
                    "const {top, bottom} = document.getElementById('trouble').getBoundingClientRect();"
                        + "return top >= 0 && bottom < window.innerHeight"))
        .isTrue();
  }

  @Test
  void answerThatWasUnderWayIsSentAfterThePageWasLoadedAgain() {
    page.service.askOrder("q1", "First?", "yes", "no");
    page.service.refuseNext(503, "60", "");
    page.openSignedIn();
    page.browser.press("1");
    page.browser.awaitText("trouble", "is kept");

    page.browser.open(page.service.page());

    assertThat(page.awaitRatings(1)).containsExactly(page.service.attempts.get(0));
    page.browser.awaitText("said", "The answer from before: taken.");
  }

  @Test
  void tooManyAnswersWaitAsLongAsTheServiceSays() {
    page.service.askOrder("q1", "First?", "yes", "no");
    page.service.refuseNext(429, "2", "");
    page.openSignedIn();

    page.browser.press("1");

    page.browser.awaitText("trouble", "The service asks to wait");
    page.awaitRatings(1);
  }

  @Test
  void signedOutInTheMiddleSignsInAndTheAnswerIsSent() {
    page.service.askOrder("q1", "First?", "yes", "no");
    page.openSignedIn();
    page.service.endSessions();

    page.browser.press("2");
    page.browser.awaitText("key-trouble", "You were signed out. Your answer is kept");
    page.browser.press(FakeRatingService.KEY, Keys.ENTER);

    assertThat(page.awaitRatings(1).get(0).get("ranks")).hasToString("[1,2]");
  }

  @Test
  void endedQuestionIsSaidAndTheNextOneIsShown() {
    page.service.askOrder("q1", "First?", "yes", "no");
    page.service.askOrder("q2", "Second?", "yes", "no");
    page.service.refuseNext(410, "", "closed");
    page.openSignedIn();

    page.browser.press("1");

    page.browser.awaitText("said", "That question had ended");
  }

  @Test
  void refusedAnswerIsShownAgainWithItsCommentAndTheReason() {
    page.service.askOrder("q1", "First?", "yes", "no");
    page.service.refuseNext(400, "", "comment: too loud (expected: quiet)");
    page.openSignedIn();
    page.browser.press("c", "LOUD", Keys.ESCAPE);

    page.browser.press("1");

    page.browser.awaitText("trouble", "comment: too loud (expected: quiet)");
    assertThat(page.browser.byId("comment").getAttribute("value")).isEqualTo("LOUD");
    page.browser.press("2");
    assertThat(page.awaitRatings(1).get(0).get("comment").asText()).isEqualTo("LOUD");
  }

  @Test
  void mutedRaterIsToldInWords() {
    page.service.askOrder("q1", "First?", "yes", "no");
    page.openSignedIn();

    page.service.muted = true;
    page.browser.press("1");

    page.browser.awaitText("quiet-title", "Your answers are not counted any more");
    assertThat(page.service.ratings).isEmpty();
  }

  @Test
  void operatorIsToldThatTheKeyIsNotARaters() {
    page.service.roles = List.of("operator");

    page.browser.open(page.service.pageWithKey());

    page.browser.awaitText("quiet-text", "operator");
  }

  @Test
  void secondTabDoesNotAnswerWhatTheFirstHasAnswered() {
    page.service.askOrder("q1", "First?", "yes", "no");
    page.service.askOrder("q2", "Second?", "yes", "no");
    page.openSignedIn();
    page.browser.openTab(page.service.page());
    page.awaitPrompt("First?");

    page.browser.press("1");
    page.awaitRatings(1);
    page.browser.switchToTab(0);
    page.awaitPrompt("Second?");
    page.browser.press("2");

    var ratings = page.awaitRatings(2);
    assertThat(ratings)
        .extracting((JsonNode r) -> r.get("requestId").asText())
        .containsExactly("q1", "q2");
  }

  @Test
  void newQuestionComesUpByItself() {
    page.browser.open(page.service.pageWithKey());
    page.browser.awaitText("quiet-title", "Nothing to rate right now");

    page.service.askOrder("q1", "First?", "yes", "no");

    page.awaitPrompt("First?");
  }

  @Test
  void whoeverSignsOutIsAskedForTheKeyAgain() {
    page.service.askOrder("q1", "First?", "yes", "no");
    page.openSignedIn();

    page.browser.click("Sign out");

    page.browser.awaitShown("sign-in");
    assertThat(page.browser.isShown("rating")).isFalse();
  }
}
