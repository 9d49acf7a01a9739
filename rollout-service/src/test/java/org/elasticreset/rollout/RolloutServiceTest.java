package org.elasticreset.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.MessageLite;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.elasticreset.feed.FakePolicySource;
import org.elasticreset.feed.Policies;
import org.elasticreset.feed.PolicyFollower;
import org.elasticreset.proto.v1.PromptBatch;
import org.elasticreset.proto.v1.Rollout;
import org.elasticreset.proto.v1.RolloutBatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/** The whole service over a real broker; the policy and where it comes from are fakes. */
@QuarkusTest
@QuarkusTestResource(KafkaOfTest.class)
@TestMethodOrder(OrderAnnotation.class)
@Timeout(300)
class RolloutServiceTest {

  private static final byte[] GARBAGE = "not protobuf".getBytes(StandardCharsets.UTF_8);

  @Inject FakePolicyModel model;
  @Inject FakePolicySource source;
  @Inject PolicyFollower policies;
  @Inject MeterRegistry metrics;

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String bootstrapServers;

  @TestHTTPResource("/")
  URI http;

  private TopicsOfTest topics;

  @BeforeEach
  void open() {
    topics = new TopicsOfTest(bootstrapServers);
  }

  @AfterEach
  void close() {
    model.duringGeneration = () -> {};
    topics.close();
  }

  @Test
  @Order(1)
  void readyOnceTheAnnouncedPolicyIsHere() throws Exception {
    assertThat(get("q/health/ready").statusCode()).isEqualTo(503);

    publish(1);

    await(() -> get("q/health/ready").statusCode() == 200);
  }

  @Test
  @Order(2)
  void poisonGoesToTheDeadLettersAndTheStreamGoesOn() throws Exception {
    PromptBatch foreign = Prompts.batch("train-1-1", "x").setRunId("another-run").build();
    PromptBatch unseeded = Prompts.batch("train-1-2", "x").build();
    unseeded =
        unseeded.toBuilder().setPrompts(0, unseeded.getPrompts(0).toBuilder().setSeed(0)).build();
    topics.send("prompts", GARBAGE);
    send(foreign, unseeded, Prompts.batch("train-1-0", "one", "two").build());

    RolloutBatch rollouts = rollouts(1).get(0);

    assertThat(rollouts.getBatchId()).isEqualTo("train-1-0");
    assertThat(rollouts.getRolloutsList())
        .extracting(Rollout::getRolloutId)
        .containsExactly("train-1-0/0", "train-1-0/1");
    var dead = topics.read("dead-letters", 3);
    assertThat(dead)
        .extracting(record -> record.value())
        .containsExactlyInAnyOrder(GARBAGE, foreign.toByteArray(), unseeded.toByteArray());
    assertThat(dead)
        .extracting(record -> TopicsOfTest.header(record, "dead-letter-reason"))
        .contains("foreign-run: run_id: another-run (expected: test-run)");
    assertThat(get("q/metrics").body())
        .contains("dead_letters_total{reason=\"foreign-run\"} 1.0")
        .contains("dead_letters_total{reason=\"invalid\"} 1.0")
        .contains("rollout_tokens_total 10.0")
        .contains("policy_version 1.0");
  }

  @Test
  @Order(3)
  void versionThatIsPublishedDuringABatchMakesTheNextOneOnly() throws Exception {
    var release = new CountDownLatch(1);
    int before = model.calls.size();
    model.duringGeneration = () -> await(release);
    send(Prompts.batch("train-2-0", "one", "two").build());
    await(() -> model.calls.size() == before + 1);
    publish(2);
    await(() -> policies.version() == 2);
    send(Prompts.batch("train-2-1", "one", "two").build());
    release.countDown();

    List<RolloutBatch> rollouts = rollouts(3);

    assertThat(rollouts.get(1).getRolloutsList()).allSatisfy(rollout -> assertWhollyBy(1, rollout));
    assertThat(rollouts.get(2).getRolloutsList()).allSatisfy(rollout -> assertWhollyBy(2, rollout));
  }

  private static void assertWhollyBy(long version, Rollout rollout) {
    assertThat(rollout.getPolicyVersion()).isEqualTo(version);
    assertThat(rollout.getBehaviourLogProbsList()).containsOnly((float) -version);
  }

  @Test
  @Order(4)
  void batchThatIsDeliveredTwiceGivesTheSameRolloutsTwice() throws Exception {
    PromptBatch batch = Prompts.batch("train-3-0", "one", "two").build();
    send(batch, batch);

    List<RolloutBatch> rollouts = rollouts(5);

    assertThat(rollouts.get(3).getBatchId()).isEqualTo("train-3-0");
    assertThat(rollouts.get(4).getRolloutsList()).isEqualTo(rollouts.get(3).getRolloutsList());
  }

  @Test
  @Order(5)
  void batchThatNobodyCanGenerateYetIsPutAsideAfterAWhile() throws Exception {
    send(Prompts.batch("train-9-0", "x").setMinimumPolicyVersion(99).build());

    var dead = topics.read("dead-letters", 4).get(3);

    assertThat(TopicsOfTest.header(dead, "dead-letter-reason"))
        .startsWith("policy-unavailable: minimum_policy_version: 99 did not come within PT2S");
  }

  @Test
  @Order(6)
  void oneBatchIsGeneratedAndOneWaitsHoweverManyThereAre() throws Exception {
    var release = new CountDownLatch(1);
    int before = model.calls.size();
    double consumed = consumed();
    model.duringGeneration = () -> await(release);
    for (int i = 0; i < 8; i++) {
      send(Prompts.batch("train-4-" + i, "one").build());
    }
    await(() -> model.calls.size() == before + 1);
    Thread.sleep(1_500); // polls go on

    assertThat(model.calls).hasSize(before + 1);
    assertThat(consumed() - consumed).isLessThanOrEqualTo(2);
    release.countDown();
    assertThat(rollouts(13)).hasSize(13);
    await(() -> topics.committed("test-run.rollout-service") == topics.sent("prompts"));
  }

  /** So that KEDA starts a worker for each, and takes none away that is at one. */
  @Test
  @Order(7)
  void lagIsTheBatchesThatAreAdmittedAndHaveNoRollouts() throws Exception {
    await(() -> lag() == 0);
    var mayEnd = new Semaphore(0);
    int before = model.calls.size();
    model.duringGeneration = mayEnd::acquireUninterruptibly;
    for (int i = 0; i < 3; i++) {
      send(Prompts.batch("train-6-" + i, "one", "two").build());
    }
    topics.send("prompts", GARBAGE);
    await(() -> model.calls.size() == before + 1);
    Thread.sleep(500); // whatever could be committed is

    assertThat(lag())
        .as("batches, one of them under way, and one that cannot be read")
        .isEqualTo(4);
    mayEnd.release();
    await(() -> lag() == 3);
    assertThat(rollouts(14)).hasSize(14);
    mayEnd.release(2);
    await(() -> lag() == 0);
    assertThat(rollouts(16)).hasSize(16);
    assertThat(topics.lag("prompts", "a-group-before-its-first-worker"))
        .isEqualTo(topics.sent("prompts"));
  }

  private long lag() {
    return topics.lag("prompts", "test-run.rollout-service");
  }

  /** Whoever watches the process starts it again: no other dead letter would be written. */
  @Test
  @Order(8)
  void deadLetterThatIsLostIsToldByTheProbeOfLiveness() throws Exception {
    assertThat(get("q/health/live").statusCode()).isEqualTo(200);

    topics.fill("dead-letters");
    send(Prompts.batch("train-5-0", "x").setRunId("another-run").build());

    await(() -> get("q/health/live").statusCode() == 503);
  }

  private double consumed() {
    return metrics
        .find("kafka.consumer.fetch.manager.records.consumed.total")
        .functionCounters()
        .stream()
        .filter(counter -> String.valueOf(counter.getId().getTag("topic")).endsWith("prompts"))
        .mapToDouble(counter -> counter.count())
        .sum();
  }

  private void publish(long version) throws Exception {
    source.newest = version;
    topics.send("policy-versions", Policies.version(version).toByteArray());
  }

  private void send(MessageLite... batches) throws Exception {
    for (MessageLite batch : batches) {
      topics.send("prompts", batch.toByteArray());
    }
  }

  private List<RolloutBatch> rollouts(int count) throws Exception {
    var batches = new java.util.ArrayList<RolloutBatch>();
    for (var record : topics.read("rollouts", count)) {
      batches.add(RolloutBatch.parseFrom(record.value()));
    }
    return batches;
  }

  private java.net.http.HttpResponse<String> get(String path) {
    try {
      var request = HttpRequest.newBuilder(http.resolve(path)).build();
      return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + 20_000_000_000L;
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(end);
      Thread.sleep(50);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Takes the place of the engine. */
  @Singleton
  static class Model extends FakePolicyModel {}

  /** Takes the place of the ema-service. */
  @Singleton
  static class Source extends FakePolicySource {}
}
