package org.elasticreset.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import org.elasticreset.feed.Backoff;
import org.elasticreset.feed.ExactPolicy;
import org.elasticreset.feed.FakePolicySource;
import org.elasticreset.feed.Policies;
import org.elasticreset.feed.PolicyFeedMetrics;
import org.elasticreset.feed.PolicyFollower;
import org.elasticreset.proto.v1.PromptBatch;
import org.elasticreset.proto.v1.Rollout;
import org.elasticreset.proto.v1.RolloutBatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RolloutGeneratorTest {

  private final FakePolicySource source = new FakePolicySource();
  private final FakePolicyModel model = new FakePolicyModel();
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final RolloutMetrics metrics = new RolloutMetrics(registry);
  private final PolicyFollower policies =
      new PolicyFollower(
          Policies.RUN,
          source,
          model,
          Runnable::run,
          new Backoff(Duration.ofMillis(1), Duration.ofMillis(1)),
          Clock.systemUTC(),
          new PolicyFeedMetrics(registry));
  private final ExactPolicy maskingPolicy =
      new ExactPolicy(source, new Backoff(Duration.ZERO, Duration.ofMillis(1)), Clock.systemUTC());
  private long nanos;
  private final RolloutGenerator generator =
      new RolloutGenerator(
          TestSettings.DEFAULT, model, policies, maskingPolicy, () -> nanos += 1_000, metrics);

  @BeforeEach
  void publishFirstVersion() {
    publish(11);
  }

  private void publish(long version) {
    source.newest = version;
    policies.announce(Policies.version(version));
  }

  @Test
  void batchOfTheAverageIsGeneratedByItAndTheNextByThePolicyAgain() throws Exception {
    generator.generate(Prompts.batch("train-1-0", "one").build());

    RolloutBatch first = generator.generate(ofAverage("evaluation-1-0", 11));
    float duringEvaluation = model.weight(0);
    generator.generate(ofAverage("evaluation-1-1", 11));
    RolloutBatch training = generator.generate(Prompts.batch("train-2-0", "two").build());

    assertThat(duringEvaluation).isEqualTo(-11);
    assertThat(first.getRollouts(0).getPolicyVersion()).isEqualTo(11);
    assertThat(source.averageFetches).as("fetched once for both batches").hasValue(1);
    assertThat(model.weight(0)).isEqualTo(11);
    assertThat(training.getRollouts(0).getPolicyVersion()).isEqualTo(11);
    assertThat(policies.isCurrent(Duration.ZERO)).isTrue();
  }

  @Test
  void batchOfAnAverageThatIsNotServedIsRefusedAndThePolicyStays() throws Exception {
    generator.generate(Prompts.batch("train-1-0", "one").build());

    assertThatThrownBy(() -> generatorWithoutPatience().generate(ofAverage("evaluation-0-0", 10)))
        .isInstanceOf(RejectedBatch.class)
        .hasMessageContaining("average of version 10 did not come within PT0S");
    assertThat(model.weight(0)).isEqualTo(11);
  }

  private RolloutGenerator generatorWithoutPatience() {
    var settings = new TestSettings(Policies.RUN, "worker-1", 1, Duration.ZERO);
    return new RolloutGenerator(
        settings, model, policies, maskingPolicy, () -> nanos += 1_000, metrics);
  }

  private static PromptBatch ofAverage(String id, long version) {
    return Prompts.batch(id, "one").setMinimumPolicyVersion(version).setAverage(true).build();
  }

  @Test
  void batchIsGeneratedInOneCallAndAnsweredInItsOrder() throws Exception {
    RolloutBatch rollouts = generator.generate(Prompts.batch("train-1-0", "one", "two").build());

    assertThat(model.calls).hasSize(1);
    assertThat(rollouts.getRunId()).isEqualTo(Policies.RUN);
    assertThat(rollouts.getBatchId()).isEqualTo("train-1-0");
    assertThat(rollouts.getTargetStep()).isEqualTo(1);
    assertThat(rollouts.getWorker()).isEqualTo("worker-1");
    assertThat(rollouts.getGenerationNanos()).isEqualTo(1_000);
    assertThat(rollouts.getRolloutsList())
        .extracting(Rollout::getRolloutId)
        .containsExactly("train-1-0/0", "train-1-0/1");
    Rollout second = rollouts.getRollouts(1);
    assertThat(second.getPrompt()).isEqualTo("two");
    assertThat(second.getPromptTokensList()).containsExactly((int) 't', (int) 'w', (int) 'o');
    assertThat(second.getResponse()).hasSize(5);
    assertThat(second.getResponseTokensList()).hasSize(5);
    assertThat(second.getBehaviourLogProbsList()).hasSize(5).containsOnly(-11f);
    assertThat(second.getStopped()).isFalse();
    assertThat(second.getPolicyVersion()).isEqualTo(11);
    assertThat(second.getResetEpoch()).isEqualTo(1);
    assertThat(registry.get("rollout.tokens").counter().count()).isEqualTo(10);
    assertThat(registry.get("rollout.batches").counter().count()).isEqualTo(1);
  }

  @Test
  void batchIsMaskedByTheVersionThatItNames() throws Exception {
    PromptBatch.Builder batch = Prompts.batch("train-1-0", "one");
    batch.getSamplingBuilder().setMaskPolicyVersion(7).setMaskTopP(0.5f);

    RolloutBatch masked = generator.generate(batch.build());
    RolloutBatch plain = generator.generate(Prompts.batch("train-1-1", "one").build());

    assertThat(masked.getRollouts(0).getPolicyVersion()).isEqualTo(11);
    assertThat(masked.getRollouts(0).getBehaviourLogProbsList()).containsOnly(-18.5f);
    assertThat(plain.getRollouts(0).getBehaviourLogProbsList()).containsOnly(-11f);
  }

  @Test
  void batchWhoseMaskIsNotServedIsRefused() {
    PromptBatch.Builder batch = Prompts.batch("train-1-0", "one");
    batch.getSamplingBuilder().setMaskPolicyVersion(12).setMaskTopP(0.5f);

    assertThatThrownBy(() -> generator.generate(batch.build()))
        .isInstanceOf(RejectedBatch.class)
        .hasMessageContaining("version 12 did not come within");
  }

  @Test
  void batchThatComesAgainGivesTheSameRollouts() throws Exception {
    PromptBatch batch = Prompts.batch("train-1-0", "one", "two").build();
    RolloutBatch first = generator.generate(batch);
    generator.generate(Prompts.batch("train-1-1", "three").build());

    RolloutBatch second = generator.generate(batch);

    assertThat(second.getRolloutsList()).isEqualTo(first.getRolloutsList());
  }

  @Test
  void referencesGoWithTheRolloutAndNotToTheModel() throws Exception {
    PromptBatch.Builder batch = Prompts.batch("train-1-0", "one");
    RolloutBatch alone = generator.generate(batch.build());
    batch.getPromptsBuilder(0).putReferences("de", "eins");

    Rollout rollout = generator.generate(batch.build()).getRollouts(0);

    assertThat(rollout.getReferencesMap()).containsExactly(entry("de", "eins"));
    assertThat(rollout.toBuilder().clearReferences().build()).isEqualTo(alone.getRollouts(0));
  }

  @Test
  void versionThatArrivesDuringABatchIsUsedFromTheNextOn() throws Exception {
    model.duringGeneration = () -> publish(12);

    RolloutBatch first = generator.generate(Prompts.batch("train-1-0", "one").build());
    RolloutBatch second = generator.generate(Prompts.batch("train-1-1", "one").build());

    assertThat(first.getRollouts(0).getPolicyVersion()).isEqualTo(11);
    assertThat(first.getRollouts(0).getBehaviourLogProbsList()).containsOnly(-11f);
    assertThat(second.getRollouts(0).getPolicyVersion()).isEqualTo(12);
    assertThat(second.getRollouts(0).getBehaviourLogProbsList()).containsOnly(-12f);
  }

  @Test
  void batchThatAsksForANewerVersionGetsIt() throws Exception {
    source.newest = 14;

    RolloutBatch rollouts =
        generator.generate(Prompts.batch("t", "one").setMinimumPolicyVersion(13).build());

    assertThat(rollouts.getRollouts(0).getPolicyVersion()).isEqualTo(14);
  }

  @Test
  void longPromptLosesItsBeginning() throws Exception {
    RolloutBatch rollouts = generator.generate(Prompts.batch("t", "0123456789").build());

    assertThat(rollouts.getRollouts(0).getPromptTokensList())
        .containsExactly("23456789".chars().boxed().toArray(Integer[]::new));
    assertThat(rollouts.getRollouts(0).getPrompt()).isEqualTo("0123456789");
  }

  @Test
  void emptyPromptStartsWithTheTokenThatBeginsAText() throws Exception {
    model.beginning = new int[] {3};

    RolloutBatch rollouts = generator.generate(Prompts.batch("t", "").build());

    assertThat(rollouts.getRollouts(0).getPromptTokensList()).containsExactly(3);
  }

  @Test
  void emptyPromptIsRefusedWhereNoTokenBeginsAText() {
    refused(Prompts.batch("t", ""), RejectReason.INVALID, "prompt of t/0: no tokens");
  }

  @Test
  void stopTokenIsInTheTokensButNotInTheText() throws Exception {
    var batch = Prompts.batch("t", "one");
    batch.getSamplingBuilder().addStopTokens(200);

    Rollout rollout = generator.generate(batch.build()).getRollouts(0);

    assertThat(rollout.getStopped()).isTrue();
    assertThat(rollout.getResponseTokensList()).hasSize(5).endsWith(200);
    assertThat(rollout.getResponse()).hasSize(4);
  }

  @Test
  void failureOfTheModelRefusesTheBatch() {
    model.duringGeneration =
        () -> {
          throw new IllegalStateException("out of memory");
        };

    refused(Prompts.batch("t", "one"), RejectReason.GENERATION_FAILED, "out of memory");
  }

  private void refused(PromptBatch.Builder batch, RejectReason reason, String message) {
    assertThatThrownBy(() -> generator.generate(batch.build()))
        .isInstanceOfSatisfying(RejectedBatch.class, e -> assertThat(e.reason()).isEqualTo(reason))
        .hasMessageContaining(message);
  }
}
