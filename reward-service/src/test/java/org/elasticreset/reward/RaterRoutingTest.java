package org.elasticreset.reward;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.elasticreset.broker.KafkaTopics;
import org.elasticreset.broker.LocalBroker;
import org.elasticreset.proto.v1.Ranks;
import org.elasticreset.proto.v1.Rating;
import org.elasticreset.proto.v1.RatingRequest;
import org.elasticreset.proto.v1.RewardFrom;
import org.elasticreset.proto.v1.ScoredRollout;
import org.junit.jupiter.api.Test;

/** The whole service over a real broker, asking people about every prompt. */
@QuarkusTest
@QuarkusTestResource(value = RaterRoutingTest.Broker.class, restrictToAnnotatedClass = true)
class RaterRoutingTest {

  @ConfigProperty(name = "kafka.bootstrap.servers")
  String bootstrapServers;

  @Test
  void peopleWhoAnswerRewardAndModelsStandInWhereNobodyDoes() throws Exception {
    topics().send("rollouts", "key", Batches.of("train-3-0", "good", "sad", "glad").toByteArray());
    var requests = topics().read("rating-requests", r -> r.value() != null, 1);
    var asked = RatingRequest.parseFrom(requests.get(0).value());
    assertThat(asked.getCandidatesCount()).isEqualTo(3);
    Rating ranks =
        Rating.newBuilder()
            .setRunId("test-run")
            .setRequestId(asked.getRequestId())
            .setRaterId("ann")
            .setRevision(1)
            .setRanks(Ranks.newBuilder().addRanks(3).addRanks(1).addRanks(2))
            .build();
    topics().send("ratings", asked.getRequestId(), ranks.toByteArray());
    topics().send("rollouts", "key", Batches.of("train-3-1", "good", "sad").toByteArray());

    List<ScoredRollout> scored = new ArrayList<>();
    for (var record : topics().read("scored-rollouts", r -> true, 5)) {
      scored.add(ScoredRollout.parseFrom(record.value()));
    }

    assertThat(scored)
        .extracting(r -> r.getRollout().getRolloutId() + " " + r.getReward())
        .containsExactlyInAnyOrder(
            "train-3-0/0 0.0",
            "train-3-0/1 1.0",
            "train-3-0/2 0.5",
            "train-3-1/0 2.0",
            "train-3-1/1 0.0");
    assertThat(scored)
        .extracting(rollout -> rollout.getRewardSource().getFrom())
        .filteredOn(RewardFrom.REWARD_FROM_PEOPLE::equals)
        .hasSize(3);
    assertThat(scored)
        .extracting(rollout -> rollout.getRewardSource().getFrom())
        .filteredOn(RewardFrom.REWARD_FROM_FALLBACK::equals)
        .hasSize(2);
    assertThat(scored).allSatisfy(r -> assertThat(r.getScoreRevision()).isEqualTo(1));
  }

  private RunTopics topics() {
    return new RunTopics(bootstrapServers, Duration.ofSeconds(60));
  }

  /** A broker with the topics of the run, and the settings of the service. */
  public static final class Broker implements QuarkusTestResourceLifecycleManager {

    private LocalBroker broker;

    @Override
    public Map<String, String> start() {
      broker = LocalBroker.startTemporary();
      KafkaTopics.create(broker.bootstrapServers(), "test-run");
      KafkaTopics.createForPeople(
          Map.of("bootstrap.servers", broker.bootstrapServers()), "test-run");
      return Map.ofEntries(
          Map.entry("kafka.bootstrap.servers", broker.bootstrapServers()),
          Map.entry("quarkus.http.test-port", "0"),
          Map.entry("reward.run-id", "test-run"),
          Map.entry("reward.scorers.good.type", "regex"),
          Map.entry("reward.scorers.good.pattern", "good"),
          Map.entry("reward.scorers.good.weight", "2"),
          Map.entry("reward.raters.enabled", "true"),
          Map.entry("reward.raters.routing.share", "1"),
          Map.entry("reward.raters.deadline", "PT5S"),
          Map.entry("reward.raters.absent-deadline", "PT5S"));
    }

    @Override
    public void stop() {
      Objects.requireNonNull(broker).close();
    }
  }
}
