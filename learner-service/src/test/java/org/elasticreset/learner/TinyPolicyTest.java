package org.elasticreset.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.elasticreset.proto.v1.TrainingEvent.EventCase.EVALUATION;
import static org.elasticreset.proto.v1.TrainingEvent.EventCase.TRAINING_STEP;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.elasticreset.algorithm.PolicyStamp;
import org.elasticreset.algorithm.Rollout;
import org.elasticreset.model.CausalLanguageModel;
import org.elasticreset.model.Generation;
import org.elasticreset.model.GenerationRequest;
import org.elasticreset.model.GptConfig;
import org.elasticreset.model.Sampling;
import org.elasticreset.model.tokenizer.BpeTrainer;
import org.elasticreset.model.tokenizer.Tokenizer;
import org.elasticreset.proto.v1.PromptBatch;
import org.elasticreset.proto.v1.TrainingEvent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The loop around a real, tiny policy; the reward is a rule. */
class TinyPolicyTest {

  /** All bytes, and the end of a text. */
  private static final int VOCABULARY = 257;

  private static final GptConfig TINY = new GptConfig(VOCABULARY, 16, 32, 2, 2);

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({"reinforce, 0.01", "rloo, 0.01", "grpo, 0.01"})
  void rewardRisesByOneOptimizerStepAStepWithoutAValueHead(String algorithm, String learningRate)
      throws Exception {
    List<Double> rewards =
        train(
            "algorithm",
            algorithm,
            "samples-per-prompt",
            "4",
            "steps",
            "16",
            "ppo.epochs",
            "1",
            "ppo.minibatch-size",
            "32",
            "ppo.learning-rate",
            learningRate,
            "kl.coefficient",
            "0.01");

    assertThat(rewards.get(0)).isBetween(0.3, 0.7);
    assertThat(rewards.get(rewards.size() - 1)).isGreaterThan(rewards.get(0) + 0.25);
  }

  @Test
  void rewardRisesAndTheRunCanBeRepeated() throws Exception {
    List<Double> rewards = train();

    assertThat(rewards.get(0)).isBetween(0.3, 0.7);
    assertThat(rewards.get(rewards.size() - 1)).isGreaterThan(rewards.get(0) + 0.25);
    assertThat(train()).isEqualTo(rewards);
  }

  private List<Double> train(String... more) throws Exception {
    String[] settings = {
      "steps",
      "8",
      "rollouts-per-step",
      "32",
      "generation-batch-size",
      "16",
      "ppo.minibatch-size",
      "16",
      "ppo.micro-batch-size",
      "16",
      "ppo.learning-rate",
      "0.01",
      "ppo.discount",
      "1",
      "ppo.max-gradient-norm",
      "1",
      "evaluation.every",
      "100"
    };
    LearnerConfig config =
        TestConfig.in(
            directory,
            Stream.concat(Arrays.stream(settings), Arrays.stream(more)).toArray(String[]::new));
    Path vocabulary = directory.resolve("tokenizer.json");
    new BpeTrainer(VOCABULARY).train(Stream.of("a text"), vocabulary);
    try (Tokenizer tokenizer = Tokenizer.open(vocabulary);
        CausalLanguageModel served = CausalLanguageModel.initialise(TINY, tokenizer, 3);
        TrainedPolicy policy =
            new ModelPolicy(served.copy(), Optional.empty(), config, List.of("a human text"))) {
      Worker worker = new Worker(served);
      new TrainingLoop(
              config,
              policy,
              worker,
              new RunCheckpoints(
                  config.checkpoint(), config.runId(), Map.of(), Clock.systemUTC(), Runnable::run),
              FakeRun.orders(config),
              worker,
              worker,
              new TrainingProgress(Clock.systemUTC()),
              Clock.systemUTC())
          .run();
      try (CausalLanguageModel saved = CausalLanguageModel.open(config.output())) {
        assertThat(saved.parameters().digest()).isEqualTo(served.parameters().digest());
      }
      return worker.rewards;
    }
  }

  /** Generates with what was uploaded, and pays for tokens of the lower half. */
  private static final class Worker implements EmaService, Inbox, Outbox {

    private final CausalLanguageModel served;
    private final Deque<ReceivedRollout> scored = new ArrayDeque<>();
    final List<Double> rewards = new ArrayList<>();
    private long version;
    private long generated;

    Worker(CausalLanguageModel served) {
      this.served = served;
    }

    @Override
    public Opened open(TrainedWeights weights, ByteString initialDigest, Optional<Standing> from) {
      return new Opened(new PolicyStamp(0, 0), 0.9);
    }

    @Override
    public boolean release(long step, List<Long> keptSteps) {
      return false;
    }

    @Override
    public void requireServed(PolicyStamp version) {}

    @Override
    public boolean isPaused() {
      return false;
    }

    @Override
    public void download(PolicyStamp version, TrainedWeights weights) {
      throw new UnsupportedOperationException("this run delivers its policy");
    }

    @Override
    public void takeBack() {}

    @Override
    public void open(Map<Integer, Long> offsets) {}

    @Override
    public Answer upload(Update update, TrainedWeights weights) {
      ByteBuffer bytes = weights.read(0, (int) weights.totalBytes());
      served.parameters().write(0, bytes);
      version++;
      return new Answer.Continue(new PolicyStamp(version, 0), false, ByteString.EMPTY);
    }

    @Override
    public void issue(PromptBatch batch) {
      List<GenerationRequest> requests =
          batch.getPromptsList().stream()
              .map(
                  prompt ->
                      new GenerationRequest(
                          served.tokenizer().encode(prompt.getText()), prompt.getSeed()))
              .toList();
      List<Generation> generations = served.generate(requests, Sampling.untruncated(6, 8));
      for (int i = 0; i < generations.size(); i++) {
        Generation generation = generations.get(i);
        double low =
            Arrays.stream(generation.responseTokens()).filter(t -> t < VOCABULARY / 2).count();
        scored.add(
            new ReceivedRollout(
                new ReceivedRollout.Source(0, generated++),
                batch.getPurpose(),
                batch.getTargetStep(),
                new Rollout(
                    batch.getPrompts(i).getRolloutId(),
                    generation.promptTokens(),
                    generation.responseTokens(),
                    generation.logProbs(),
                    low / generation.responseTokens().length,
                    new PolicyStamp(version, 0),
                    generation.stopped()),
                batch.getPrompts(i).getText(),
                "",
                OptionalDouble.empty()));
      }
    }

    @Override
    public void report(TrainingEvent event) {
      if (event.getEventCase() == EVALUATION) {
        // An untrained policy finds every byte equally likely.
        assertThat(event.getEvaluation().getPerplexityHumanText()).isBetween(150.0, 1000.0);
      }
      if (event.getEventCase() == TRAINING_STEP) {
        rewards.add(event.getTrainingStep().getRewardMean());
        assertThat(event.getTrainingStep().getApproximateKlNats()).isLessThan(1);
      }
    }

    @Override
    public @Nullable ReceivedRollout poll(Duration patience) {
      return scored.poll();
    }

    @Override
    public void close() {}
  }
}
