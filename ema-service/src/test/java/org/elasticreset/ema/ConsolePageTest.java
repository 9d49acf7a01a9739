package org.elasticreset.ema;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.elasticreset.browser.Browser;
import org.elasticreset.proto.WorkerName;
import org.elasticreset.proto.v1.ElasticResetGrpc;
import org.elasticreset.proto.v1.FetchPolicyRequest;
import org.elasticreset.proto.v1.TrainResponse;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

/** The console in a browser, on the real service and a real broker. */
@QuarkusTest
@TestProfile(ConsoleOn.class)
class ConsolePageTest {

  private static final Duration MOST = Duration.ofSeconds(30);

  private static Browser browser;
  private static @Nullable ToldEvents told;
  private static @Nullable TestLearner learner;
  private static long updates;

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String bootstrapServers;

  @TestHTTPResource("/console")
  URI page;

  @Inject EmaService service;

  @BeforeAll
  static void openBrowser() {
    browser = new Browser();
  }

  @AfterAll
  static void close() throws Exception {
    browser.close();
    told.close();
    told = null;
    if (learner != null) {
      learner.close();
      learner = null;
    }
  }

  /** One run is told over all tests, each goes on where the one before has left it. */
  @BeforeEach
  void tell() throws Exception {
    if (told == null) {
      told = new ToldEvents(bootstrapServers);
      told.evaluation(ToldEvents.sample("The film begins", " slowly.", 0.41));
      for (int epoch = 0; epoch < 3; epoch++) {
        told.steps(6);
        told.evaluation();
        told.steps(6);
        told.reset();
      }
      told.steps(4);
    }
    told.evaluation(
        ToldEvents.sample("I went to see this film", " and loved every minute of it.", 0.982),
        ToldEvents.sample("The plot is", " simple, and the cast is a joy to watch.", 0.954),
        ToldEvents.sample("After an hour", " I had forgotten that I was in a cinema.", 0.871),
        ToldEvents.sample("My wife thought", " it was the best of the year, and so did I.", 0.965));
    browser.lost(false);
    browser.wide();
    browser.colours("light");
    browser.open(page);
    awaitStep(told.step());
  }

  @Test
  void curvesAndThePlaneAppearWithResetsMarkedAndInTables() throws Exception {
    told.steps(1);

    awaitStep(told.step());

    assertThat(rows("steps")).isEqualTo(told.step());
    assertThat(rows("resets")).isGreaterThanOrEqualTo(3);
    assertThat(browser.byId("reward").getAttribute("aria-label"))
        .contains("at step " + told.step() + "; resets at 12, 24, 36");
    assertThat(coloured("reward", "--reset")).as("marks of resets").isTrue();
    assertThat(coloured("drift", "--held-out")).as("curve").isTrue();
    assertThat(browser.all("#plane circle")).hasSizeGreaterThan(3);
    assertThat(browser.all("#plane .way")).hasSizeGreaterThanOrEqualTo(3);
    assertThat(browser.text("samples")).contains("loved every minute").contains("reward 0.982");
    assertThat(browser.complaints()).noneMatch(line -> line.startsWith("SEVERE"));
  }

  @Test
  void whoHasWhichVersionIsShownAndANameThatIsHostileAsText() throws Exception {
    train();
    fetch("worker-1");
    train();
    fetch("<img src=x onerror=window.owned=1>\u202E");
    train();

    browser.await(
        "both workers and how far they are behind",
        MOST,
        () -> cells("workers", 3).equals(List.of("1", "2")));

    long newest = service.policy().status().getNewest().getVersion();
    assertThat(rowsText("workers").get(0)).contains("<img src=x").contains("\\u202e");
    assertThat(rowsText("workers").get(1))
        .startsWith("worker-1")
        .contains(String.valueOf(newest - 2))
        .contains(" ago");
    assertThat(browser.all("#workers-rows img")).isEmpty();
  }

  @Test
  void stagesSayWhatWaitsForWhomAndWhatTheLearnerDid() throws Exception {
    told.prompts(24);
    told.steps(1);

    browser.await(
        "the queues", MOST, () -> browser.text("waits").contains("no rollout worker is there"));

    assertThat(cells("stages", 0)).containsExactly("generation", "scoring", "learning");
    browser.await("all of them", MOST, () -> cells("stages", 1).get(0).startsWith("24 (average"));
    assertThat(cells("stages", 1)).last().isEqualTo("waited 71 %");
    assertThat(cells("stages", 3))
        .containsExactly("0 rollout workers", "0 reward-services", "1 learner");
    assertThat(browser.text("phases-words")).contains("waiting 71 %").contains("optimising 29 %");
    assertThat(browser.text("queues-trouble")).isEmpty();
  }

  @Test
  void resetThatIsRequestedByAClickHappens() throws Exception {
    say("ada", "the samples look odd");

    browser.click("Request a reset");

    browser.awaitText("done", "A reset is requested");
    assertThat(train().getReset().getReason()).isEqualTo("requested by ada: the samples look odd");
    awaitAudit("reset-requested", "ada", "claimed", "the samples look odd");
  }

  @Test
  void keysAloneDoItAndEnterInAFieldDoesNothing() {
    browser.byId("by").sendKeys("ada");
    browser.press(Keys.TAB);
    browser.press("by hand", Keys.ENTER);
    assertThat(browser.focused()).isEqualTo("reason");
    assertThat(browser.text("done")).isEmpty();

    browser.press(Keys.TAB, Keys.ENTER);

    browser.awaitText("standing", "Paused by ada.");
    browser.await("the other button", () -> browser.isShown("resume"));
    browser.byId("reason").sendKeys("on we go");
    browser.press(Keys.TAB, Keys.SPACE);
    browser.await("goes on", MOST, () -> !browser.text("standing").contains("Paused by ada."));
  }

  @Test
  void resetThatWaitsForApprovalIsApprovedByAClick() throws Exception {
    while (service.policy().status().getProposedReset().isEmpty()) {
      train();
    }
    browser.awaitText("standing", "A reset waits for approval: 2 updates since the last reset");
    say("grace", "drift is real");

    browser.click("Approve the reset");

    browser.awaitText("done", "Approved.");
    assertThat(train().getReset().getReason()).isEqualTo("requested by grace: drift is real");
    awaitAudit("reset-approved", "grace", "claimed", "drift is real");
  }

  @Test
  void runIsPausedAndGoesOnByNamedPersonsOnly() {
    browser.byId("by").clear();
    browser.byId("reason").sendKeys("lunch");
    browser.click("Pause");
    browser.awaitText("done", "Say who you are");
    assertThat(service.policy().status().getPausedBy()).isEmpty();

    browser.byId("by").sendKeys("ada");
    browser.click("Pause");
    browser.awaitText("standing", "Paused by ada.");
    browser.byId("reason").sendKeys("back");
    browser.click("Resume");

    browser.await("goes on", MOST, () -> !browser.text("standing").contains("Paused by ada."));
    assertThat(service.policy().status().getPausedBy()).isEmpty();
  }

  @Test
  void lostConnectionComesBackByItselfWithoutGaps() throws Exception {
    browser.awaitText("connection", "live");
    long before = told.step();
    browser.lost(true);
    browser.awaitText("connection", "lost");
    told.steps(5);

    browser.lost(false);

    browser.awaitText("connection", "live");
    awaitStep(before + 5);
    assertThat(stepsShown())
        .containsExactlyElementsOf(
            LongStream.iterate(told.step(), n -> n >= 1, n -> n - 1).boxed().toList());
  }

  @Test
  void hostileTextIsShownAsTextAndDoesNothing() throws Exception {
    told.evaluation(
        ToldEvents.sample(
            "<img src=x onerror=\"window.owned=1\">",
            "<script>window.owned=1</script>\u202Egnp.exe",
            0.5));
    browser.await("the samples", MOST, () -> browser.text("samples").contains("onerror"));

    assertThat(browser.text("samples"))
        .contains("<script>window.owned=1</script>")
        .contains("⟨U+202E⟩");
    assertThat(browser.all("#samples img, #samples script")).isEmpty();
    assertThat(browser.script("return window.owned")).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {320, 390})
  void phoneNeedsNoScrollingSideways(int width) {
    browser.narrow(width);
    browser.open(page);
    awaitStep(told.step());

    assertThat((Long) browser.script("return document.documentElement.scrollWidth"))
        .isLessThanOrEqualTo(width);
    browser.screenshot("console-narrow-" + width);
  }

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void everybodyCanReadIt(String colours) {
    browser.colours(colours);
    browser.open(page);
    awaitStep(told.step());
    browser.tall(2000);
    browser.await("the curves", MOST, () -> coloured("drift", "--reset"));
    browser.screenshot("console-" + colours);

    browser.script("document.querySelector('details').open = true");

    assertThat(browser.accessibilityViolations()).isEmpty();
  }

  /** The next update of the learner, which begins the run if it is the first. */
  private TrainResponse train() throws Exception {
    if (learner == null) {
      learner = new TestLearner(service.port());
      learner.open(Policies.openRun(Policies.random(8, 0)));
      learner.upload(Policies.checkpoint(0), Policies.bytes(Policies.random(8, 0)));
      learner.release(0);
    }
    updates++;
    return learner.uploadDurably(updates, Policies.random(8, updates));
  }

  private void fetch(String worker) throws Exception {
    var channel = TestLearner.channel(service.port());
    try {
      ElasticResetGrpc.newBlockingStub(channel)
          .withInterceptors(WorkerName.sent(worker))
          .fetchPolicy(FetchPolicyRequest.newBuilder().setRunId(Policies.RUN).build())
          .forEachRemaining(some -> {});
    } finally {
      channel.shutdownNow();
    }
  }

  private static void say(String name, String reason) {
    browser.byId("by").sendKeys(name);
    browser.byId("reason").sendKeys(reason);
  }

  private static void awaitAudit(String... words) {
    browser.await(
        "the audit trail has " + List.of(words),
        MOST,
        () -> rowsText("audit").stream().anyMatch(row -> Stream.of(words).allMatch(row::contains)));
  }

  private static void awaitStep(long step) {
    browser.await("step " + step, MOST, () -> stepsShown().contains(step));
  }

  @SuppressWarnings("unchecked")
  private static List<Long> stepsShown() {
    return (List<Long>)
        browser.script(
            "return [...document.querySelectorAll('#steps-rows tr')]"
                + ".map(row => Number(row.cells[0].textContent))");
  }

  private static long rows(String table) {
    return (Long)
        browser.script("return document.getElementById('" + table + "-rows').rows.length");
  }

  @SuppressWarnings("unchecked")
  private static List<String> cells(String table, int column) {
    return (List<String>)
        browser.script(
            "return [...document.getElementById(arguments[0] + '-rows').rows]"
                + ".map(row => row.cells[arguments[1]].textContent)",
            table,
            column);
  }

  @SuppressWarnings("unchecked")
  private static List<String> rowsText(String table) {
    return (List<String>)
        browser.script(
            "return [...document.getElementById('"
                + table
                + "-rows').rows].map(row => row.textContent)");
  }

  /** Whether a chart has a dot of the colour of this name. */
  private static boolean coloured(String chart, String colour) {
    return Boolean.TRUE.equals(
        browser.script(
            """
            const hex = getComputedStyle(document.documentElement)
                .getPropertyValue(arguments[1]).trim().slice(1);
            const [r, g, b] = [0, 2, 4].map(i => parseInt(hex.slice(i, i + 2), 16));
            const canvas = document.querySelector('#' + arguments[0] + ' canvas');
            const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
            for (let i = 0; i < data.length; i += 4) {
              if (Math.abs(data[i] - r) + Math.abs(data[i + 1] - g) + Math.abs(data[i + 2] - b) < 12
                  && data[i + 3] > 200) {
                return true;
              }
            }
            return false;
            """,
            chart,
            colour));
  }
}
