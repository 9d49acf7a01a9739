package org.elasticreset.cli.ab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.elasticreset.broker.KafkaTopics;
import org.elasticreset.broker.LocalBroker;
import org.elasticreset.proto.v1.Sampling;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole experiment over a real broker; workers, scorers and users are fakes. */
@Timeout(600)
class AbLoopTest {
  private static LocalBroker broker;

  @TempDir Path directory;

  private String name;
  private Map<String, Object> client;
  private FakeArms fakes;
  private AbTopics topics;
  private AbLoop loop;

  @BeforeAll
  static void start() {
    broker = LocalBroker.startTemporary();
  }

  @AfterAll
  static void stop() {
    broker.close();
  }

  @BeforeEach
  void open(TestInfo test) throws Exception {
    name = "ab-" + test.getTestMethod().orElseThrow().getName();
    client = Map.of("bootstrap.servers", broker.bootstrapServers());
    KafkaTopics.createLive(client, name);
    fakes = new FakeArms(broker.bootstrapServers(), name);
    begin();
  }

  @AfterEach
  void close() {
    topics.close();
    fakes.close();
  }

  private void begin() throws Exception {
    topics = new AbTopics(client, name);
    loop =
        new AbLoop(
            new AbLoop.Setup(
                name,
                Rules.of(0.5),
                Map.of(Arm.A, Sampling.getDefaultInstance(), Arm.B, Sampling.getDefaultInstance()),
                Map.of(Arm.A, "digest of a", Arm.B, "digest of b"),
                4,
                1,
                rollouts -> rollouts.stream().map(each -> OptionalDouble.of(2)).toList(),
                Clock.systemUTC()),
            topics);
  }

  /** As a death does, between any two records. */
  private void dieAndBeginAgain() throws Exception {
    topics.close();
    begin();
  }

  @Test
  void everyRequestIsAnsweredOnceByTheArmOfItsKey() throws Exception {
    ask(30);
    fakes.ask("p0", "again");

    untilCounted(0, 30);

    List<JsonNode> responses = responses();
    Split split = new Split("test");
    assertThat(responses).hasSize(30);
    assertThat(responses)
        .allSatisfy(
            response -> {
              String id = response.get("prompt_id").asText();
              assertThat(response.get("arm").asText()).isEqualTo(split.arm(id, 0.5).id());
              assertThat(response.get("policy_sha256").asText())
                  .isEqualTo("digest of " + response.get("arm").asText());
              assertThat(response.get("response").asText()).isEqualTo("answer to text of " + id);
              assertThat(response.get("drift_nats").asDouble()).isEqualTo(2);
            });
    // The last answer may come a second time, or the test end before it does.
    assertThat(loop.experiment().passed()).containsEntry(Passed.REQUEST_DUPLICATE, 1L);
    assertThat(loop.experiment().passed().keySet())
        .isSubsetOf(Passed.REQUEST_DUPLICATE, Passed.ANSWER_DUPLICATE);
  }

  @Test
  void deathsAnywhereLoseNothingAndCountNothingTwice() throws Exception {
    Random random = new Random(7);
    ask(40);
    int told = 0;
    for (int deaths = 0; deaths < 12 || loop.experiment().counted().size() < 40; deaths++) {
      int steps = random.nextInt(3);
      for (int i = 0; i < steps; i++) {
        loop.step();
        if (random.nextBoolean()) {
          fakes.answer(1 + random.nextInt(2));
        }
        if (random.nextBoolean() && told < 40) {
          fakes.outcome("p" + told, "1", null);
          told++;
        }
      }
      while (deaths > 8 && told < 40) {
        fakes.outcome("p" + told, "1", null);
        told++;
      }
      dieAndBeginAgain();
      if (deaths > 8) {
        fakes.answer(1);
        settle();
      }
    }

    assertThat(ids(responses())).doesNotHaveDuplicates().hasSize(40);
    assertThat(loop.experiment().counted()).hasSize(40);
    assertThat(
            loop.experiment().test().metric().a().count()
                + loop.experiment().test().metric().b().count())
        .isEqualTo(40);
    assertThat(loop.experiment().passed().keySet())
        .doesNotContain(Passed.REQUEST_DUPLICATE, Passed.OUTCOME_DUPLICATE, Passed.UNANSWERED);
  }

  @Test
  void lateDuplicateAndMalformedOutcomesAreNamed() throws Exception {
    ask(4);
    while (loop.experiment().assigned() < 4 || loop.experiment().unanswered() > 0) {
      loop.step();
      fakes.answer(1);
    }
    settle();
    long now = System.currentTimeMillis();
    fakes.outcome("p0", "{\"value\": 1}", now + 2 * Rules.WINDOW);
    fakes.outcome("p1", "1", null);
    fakes.outcome("p1", "0", null);
    fakes.outcome("p2", "good", null);
    fakes.outcome("p2", "true", null);
    fakes.outcome("p3", "0", null);
    fakes.outcome("somebody", "0", null);
    settle();

    assertThat(loop.experiment().counted())
        .extracting(counted -> counted.unit().metric())
        .containsExactlyInAnyOrder(
            OptionalDouble.empty(),
            OptionalDouble.of(1),
            OptionalDouble.of(1),
            OptionalDouble.of(0));
    assertThat(loop.experiment().passed())
        .containsOnly(
            entry(Passed.OUTCOME_LATE, 1L),
            entry(Passed.OUTCOME_ABSENT, 1L),
            entry(Passed.OUTCOME_DUPLICATE, 1L),
            entry(Passed.OUTCOME_MALFORMED, 1L),
            entry(Passed.OUTCOME_UNKNOWN, 1L));
  }

  @Test
  void aBetterBIsShippedAndTheVerdictStands() throws Exception {
    Split split = new Split("test");
    loop.outcomes(
        IntStream.range(0, 400)
            .boxed()
            .collect(
                Collectors.toMap(i -> "p" + i, i -> split.arm("p" + i, 0.5) == Arm.B ? 1.0 : 0.0)));
    ask(400);
    while (loop.experiment().verdict().isEmpty()) {
      loop.step();
      fakes.answer(1);
    }
    NextStep next = new NextStep("To put B into production", "promote runs/b --by \"$(id -un)\"");
    AbFiles files = new AbFiles(directory, Rules.of(0.5), next);
    files.write(loop);

    dieAndBeginAgain();

    assertThat(loop.experiment().verdict()).map(AbEvent::verdict).hasValue("ship");
    assertThat(Files.readString(directory.resolve("ab.html")))
        .contains(
            "<strong>ship</strong>",
            "To put B into production: <code>promote runs/b --by &quot;$(id -un)&quot;</code>",
            "<svg");
    JsonNode state = new ObjectMapper().readTree(directory.resolve("ab.json").toFile());
    assertThat(state.get("verdict").asText()).isEqualTo("ship");
    assertThat(state.get("metric").get("effect_low").asDouble()).isPositive();
    assertThat(Files.readAllLines(directory.resolve("ab.csv")).get(0))
        .isEqualTo("sequence,prompt_id,arm,share_of_b,stage,metric,reward,drift_nats");
    assertThat(Files.readAllLines(directory.resolve("responses.jsonl"))).isNotEmpty();
  }

  @Test
  void aReplayAndACsvFileAreTakenUpOnceHoweverOftenItBegins() throws Exception {
    Path csv = directory.resolve("outcomes.csv");
    Files.writeString(csv, "prompt_id,clicked\n1,1\n2,0\n2,1\n3,x\n4,0.");
    Path prompts = directory.resolve("prompts.txt");
    Files.writeString(prompts, "one\n# none\nthree\n");
    for (int life = 0; life < 3; life++) {
      settle();
      loop.replay(Requests.read(prompts));
      loop.outcomes(new CsvOutcomes(csv, "prompt_id", "clicked").news());
      settle();
      fakes.answer(1);
      settle();
      dieAndBeginAgain();
    }
    settle();

    assertThat(ids(responses())).containsExactlyInAnyOrder("1", "3");
    assertThat(loop.experiment().passed()).containsExactly(entry(Passed.OUTCOME_UNKNOWN, 1L));
  }

  private void ask(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      fakes.ask("p" + i, "text of p" + i);
    }
  }

  /** Steps until all that the topics hold has been taken in. */
  private void settle() throws Exception {
    do {
      loop.step();
    } while (!loop.isAtEnd());
    loop.step();
  }

  private void untilCounted(int outcomesFrom, int count) throws Exception {
    for (int i = outcomesFrom; i < count; i++) {
      fakes.outcome("p" + i, "1", null);
    }
    while (loop.experiment().counted().size() < count) {
      loop.step();
      fakes.answer(2);
    }
  }

  private List<JsonNode> responses() throws Exception {
    List<JsonNode> responses = new ArrayList<>();
    try (AbTopics reader = new AbTopics(client, name)) {
      for (var record : reader.all(AbTopics.RESPONSES)) {
        responses.add(new ObjectMapper().readTree(record.value()));
      }
    }
    return responses;
  }

  private static List<String> ids(List<JsonNode> responses) {
    return responses.stream().map(response -> response.get("prompt_id").asText()).toList();
  }
}
