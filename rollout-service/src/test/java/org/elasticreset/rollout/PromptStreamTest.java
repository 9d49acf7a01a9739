package org.elasticreset.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.reactive.messaging.kafka.Record;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.elasticreset.batches.DeadLetterHealth;
import org.elasticreset.feed.Backoff;
import org.elasticreset.feed.ExactPolicy;
import org.elasticreset.feed.FakePolicySource;
import org.elasticreset.feed.Policies;
import org.elasticreset.feed.PolicyFeedMetrics;
import org.elasticreset.feed.PolicyFollower;
import org.elasticreset.proto.v1.PromptBatch;
import org.elasticreset.proto.v1.RolloutBatch;
import org.junit.jupiter.api.Test;

/** When a batch counts as done. */
class PromptStreamTest {

  private final List<String> events = new ArrayList<>();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final RolloutMetrics metrics = new RolloutMetrics(registry);
  private final FakePolicyModel model = new FakePolicyModel();
  private final FakePolicySource source = new FakePolicySource();
  private final PolicyFollower policies =
      new PolicyFollower(
          Policies.RUN,
          source,
          model,
          Runnable::run,
          new Backoff(Duration.ZERO, Duration.ZERO),
          Clock.systemUTC(),
          new PolicyFeedMetrics(registry));
  private final PromptStream stream =
      new PromptStream(
          new RolloutGenerator(
              TestSettings.DEFAULT,
              model,
              policies,
              new ExactPolicy(source, new Backoff(Duration.ZERO, Duration.ZERO), Clock.systemUTC()),
              System::nanoTime,
              metrics),
          policies,
          metrics,
          new DeadLetterHealth(),
          TestSettings.DEFAULT);

  @Test
  void promptsAreAcknowledgedOnlyWhenKafkaHasTheirRollouts() throws Exception {
    var rollouts = generate(Prompts.batch("train-1-0", "one"));

    assertThat(events).isEmpty();
    Objects.requireNonNull(rollouts).ack().toCompletableFuture().join();
    assertThat(events).containsExactly("acknowledged");
    assertThat(rollouts.getPayload().key()).isEqualTo("train-1-0");
  }

  @Test
  void rolloutsThatKafkaDoesNotTakeSendTheirPromptsToTheDeadLetters() throws Exception {
    var rollouts = generate(Prompts.batch("train-1-0", "one"));

    Objects.requireNonNull(rollouts).nack(new IllegalStateException("too large"));

    assertThat(events).hasSize(1).first().asString().startsWith("refused send-failed");
    assertThat(rejected("send-failed")).isEqualTo(1);
  }

  @Test
  void unusableBatchIsRefusedAndCounted() throws Exception {
    var rollouts = generate(Prompts.batch("train-1-0", "one").setRunId("other"));

    assertThat(rollouts).isNull();
    assertThat(events).containsExactly("refused foreign-run: run_id: other (expected: test-run)");
    assertThat(rejected("foreign-run")).isEqualTo(1);
  }

  @Test
  void tombstoneIsRefusedAndDoesNotEndTheChannel() throws Exception {
    assertThat(stream.generate(message(null))).isNull();

    assertThat(events)
        .containsExactly("refused invalid: record: a tombstone (expected: a batch of prompts)");
  }

  private double rejected(String reason) {
    return registry.get("dead.letters").tag("reason", reason).counter().count();
  }

  private Message<Record<String, RolloutBatch>> generate(PromptBatch.Builder batch)
      throws InterruptedException {
    source.newest = 1;
    return stream.generate(message(batch.build()));
  }

  private Message<PromptBatch> message(PromptBatch batch) {
    return Message.of(
        batch,
        () -> {
          events.add("acknowledged");
          return CompletableFuture.completedFuture(null);
        },
        failure -> {
          events.add("refused " + failure.getMessage());
          return CompletableFuture.completedFuture(null);
        });
  }
}
