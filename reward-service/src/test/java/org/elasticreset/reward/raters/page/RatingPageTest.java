package org.elasticreset.reward.raters.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.elasticreset.proto.v1.RatingReceipt.RATING_REVISED;
import static org.elasticreset.proto.v1.RatingReceipt.RATING_TAKEN;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.elasticreset.browser.Browser;
import org.elasticreset.proto.v1.RatingAudit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

/** The page and the whole service behind it, with the desk and a real broker; two people rate. */
@QuarkusTest
@QuarkusTestResource(value = PeopleAsked.class, restrictToAnnotatedClass = true)
class RatingPageTest {

  private static final Duration MOST = Duration.ofSeconds(30);

  private static Browser ann;
  private static Browser bob;

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String bootstrapServers;

  @TestHTTPResource("/rate")
  URI page;

  private RatingTopics topics;

  @BeforeAll
  static void open() {
    ann = new Browser();
    bob = new Browser();
  }

  @AfterAll
  static void closeBrowsers() {
    ann.close();
    bob.close();
  }

  @BeforeEach
  void connect() {
    ann.forgetEverything(page);
    bob.forgetEverything(page);
    topics = new RatingTopics(bootstrapServers);
  }

  @AfterEach
  void disconnect() {
    topics.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void twoRatersAnswerEachRequestAsOftenAsItAsksThoughOneClosesTheTab(int overlap)
      throws Exception {
    String run = "overlap-" + overlap;
    for (int i = 0; i < 4; i++) {
      topics.ask("%s-%d/0@1".formatted(run, i), "Question " + i + " of " + run, overlap);
    }
    signIn(ann, "ann");
    answerOne(ann);
    String held = ann.text("prompt");
    signIn(bob, "bob");

    ann.open(URI.create("about:blank"));
    Set<String> ofBob = answerUntil(bob, overlap == 1 ? 3 : 4);
    if (overlap == 2) {
      ann.open(page);
      answerUntil(ann, 3);
    }

    assertThat(ofBob).contains(held);
    ann.await(
        "the desk has taken all",
        MOST,
        () -> taken(run).values().stream().mapToInt(n -> n).sum() >= 4 * overlap);
    bob.awaitText("quiet-title", "Nothing to rate right now");
    assertThat(topics.audited(run)).hasSize(4 * overlap);
    assertThat(taken(run))
        .hasSize(4)
        .allSatisfy((id, times) -> assertThat(times).isEqualTo(overlap));
  }

  @Test
  void undoRevisesWhatTheDeskHas() throws Exception {
    topics.ask("undo-1/0@1", "What is 6 × 7?", 1);
    signIn(ann, "ann");
    ann.press("1");
    ann.awaitText("said", "1 is better: taken.");
    ann.awaitText("quiet-title", "Nothing to rate right now");

    ann.press("u");
    ann.awaitShown("withdraw");
    ann.press("2");
    ann.awaitText("said", "2 is better: taken.");

    ann.await("the desk has both", MOST, () -> topics.audited("undo").size() == 2);
    assertThat(topics.audited("undo"))
        .extracting(RatingAudit::getReceipt)
        .containsExactly(RATING_TAKEN, RATING_REVISED);
    assertThat(topics.audited("undo")).allSatisfy(a -> assertThat(a.getSource()).isEqualTo("page"));
  }

  @Test
  void wrongKeyIsSaidAndTheSessionIsOfNoUseToScripts() throws Exception {
    topics.ask("keys-1/0@1", "What is 6 × 7?", 1);
    ann.open(page);
    ann.awaitShown("sign-in");
    ann.press("made-up", Keys.ENTER);
    ann.awaitText("key-trouble", "This key is not known");

    ann.press(PeopleAsked.keyOf("ann"), Keys.ENTER);

    ann.awaitText("prompt", "What is 6 × 7?");
    assertThat(ann.script("return document.cookie")).asString().doesNotContain("rater-session");
    ann.click("1 is better");
    ann.awaitText("said", "1 is better: taken.");
    ann.click("Sign out");
    ann.awaitShown("sign-in");
    assertThat(ann.complaints()).noneMatch(line -> line.contains("Content Security Policy"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"rate", "rate/", "rate/main.js"})
  void filesOfThePageMayDoNoMoreThanThePolicySays(String path) throws Exception {
    var request = HttpRequest.newBuilder(page.resolve("/" + path)).build();

    var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
        .startsWith("default-src 'self';")
        .contains("frame-ancestors 'none'")
        .doesNotContain("unsafe");
    assertThat(answer.headers().allValues("Cache-Control")).containsExactly("no-cache");
  }

  private void signIn(Browser browser, String name) {
    browser.open(URI.create(page + "#" + PeopleAsked.keyOf(name)));
    browser.await("a question for " + name, MOST, () -> browser.isShown("rating"));
  }

  /** Answers what is shown, and gives its prompt. */
  private static String answerOne(Browser browser) {
    browser.await("a question", MOST, () -> browser.isShown("rating"));
    String prompt = browser.text("prompt");
    browser.press("1");
    browser.await(
        "another question",
        MOST,
        () -> !browser.isShown("rating") || !browser.text("prompt").equals(prompt));
    return prompt;
  }

  private static Set<String> answerUntil(Browser browser, int count) {
    var answered = new HashSet<String>();
    while (answered.size() < count) {
      answered.add(answerOne(browser));
    }
    return answered;
  }

  private Map<String, Integer> taken(String run) {
    var times = new HashMap<String, Integer>();
    topics.audited(run).stream()
        .filter(audit -> audit.getReceipt() == RATING_TAKEN)
        .forEach(audit -> times.merge(audit.getRequestId(), 1, Integer::sum));
    return times;
  }
}
