package org.elasticreset.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecord;
import io.smallrye.reactive.messaging.kafka.IncomingKafkaRecordBatch;
import io.smallrye.reactive.messaging.kafka.commit.KafkaCommitHandler;
import io.smallrye.reactive.messaging.kafka.fault.KafkaFailureHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.eclipse.microprofile.reactive.messaging.Metadata;
import org.elasticreset.proto.v1.Purpose;
import org.elasticreset.proto.v1.Rollout;
import org.elasticreset.proto.v1.ScoredRollout;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KafkaInboxTest {

  private static final TopicPartition PARTITION = new TopicPartition("run.scored-rollouts", 3);

  private final List<String> refused = new ArrayList<>();
  private final KafkaInbox inbox = new KafkaInbox();

  @Test
  void whatCannotBeUsedIsRefusedAloneAndTheRestOfThePollIsTakenInOrder() throws Exception {
    inbox.accept(new ScoredRolloutCheck("run", 100, 8));
    inbox.open(Map.of());

    CompletionStage<Void> done =
        inbox.receive(polled(scored("run", 0), null, scored("other", 1), scored("run", 2)));

    assertThat(done).isCompleted();
    assertThat(refused).hasSize(2);
    assertThat(refused.get(0)).startsWith("4: record: a tombstone, or bytes that do not parse");
    assertThat(refused.get(1)).startsWith("5: run_id: other");
    assertThat(taken().rollout().id()).isEqualTo("train-1-0/0");
    assertThat(taken().source()).extracting("partition", "offset").containsExactly(3, 6L);
    assertThat(inbox.poll(Duration.ZERO)).isNull();
    assertThat(inbox.position()).contains(Map.of(3, 7L));
  }

  @Test
  void pollOfNothingUsableIsNoPollForTheLoop() throws Exception {
    inbox.accept(new ScoredRolloutCheck("run", 100, 8));

    inbox.receive(polled(scored("other", 0)));
    inbox.receive(polled(scored("run", 1)));

    assertThat(taken().rollout().id()).isEqualTo("train-1-0/1");
  }

  private ReceivedRollout taken() throws InterruptedException {
    ReceivedRollout received = inbox.poll(Duration.ZERO);
    assertThat(received).isNotNull();
    return received;
  }

  /** Records from offset 3 on. */
  private IncomingKafkaRecordBatch<String, ScoredRollout> polled(
      @Nullable ScoredRollout... messages) {
    List<ConsumerRecord<String, ScoredRollout>> records = new ArrayList<>();
    for (ScoredRollout message : messages) {
      records.add(new ConsumerRecord<>(PARTITION.topic(), 3, 3 + records.size(), "key", message));
    }
    return new IncomingKafkaRecordBatch<>(
        new ConsumerRecords<>(Map.of(PARTITION, records), Map.of()),
        "scored-rollouts",
        0,
        new NoCommits(),
        new Refusals(),
        false,
        false);
  }

  private static ScoredRollout scored(String run, int index) {
    return ScoredRollout.newBuilder()
        .setRunId(run)
        .setPurpose(Purpose.TRAINING)
        .setRollout(
            Rollout.newBuilder()
                .setRolloutId("train-1-0/" + index)
                .addPromptTokens(1)
                .addResponseTokens(4)
                .addBehaviourLogProbs(-1)
                .setPolicyVersion(1))
        .build();
  }

  private static final class NoCommits implements KafkaCommitHandler {
    @Override
    public <K, V> Uni<Void> handle(IncomingKafkaRecord<K, V> record) {
      return Uni.createFrom().voidItem();
    }
  }

  private final class Refusals implements KafkaFailureHandler {
    @Override
    public <K, V> Uni<Void> handle(
        IncomingKafkaRecord<K, V> record, Throwable reason, Metadata metadata) {
      refused.add(record.getOffset() + ": " + reason.getMessage());
      return Uni.createFrom().voidItem();
    }
  }
}
