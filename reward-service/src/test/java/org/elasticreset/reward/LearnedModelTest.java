package org.elasticreset.reward;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.elasticreset.broker.KafkaTopics;
import org.elasticreset.broker.LocalBroker;
import org.elasticreset.model.CausalLanguageModel;
import org.elasticreset.model.GptConfig;
import org.elasticreset.model.tokenizer.BpeTrainer;
import org.elasticreset.model.tokenizer.Tokenizer;
import org.elasticreset.proto.ProtobufSerializer;
import org.elasticreset.proto.v1.Preference;
import org.elasticreset.proto.v1.PreferredCandidate;
import org.elasticreset.proto.v1.RewardModelVersion;
import org.elasticreset.proto.v1.RolloutBatch;
import org.elasticreset.proto.v1.ScoredRollout;
import org.elasticreset.reward.WeightedSum.Term;
import org.elasticreset.reward.learned.LearnSettings;
import org.elasticreset.reward.learned.LearnedReward;
import org.elasticreset.reward.learned.LearnedRewards;
import org.elasticreset.reward.raters.RatersSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** All of it: a decoder, a broker, and people who like thanks. */
@Timeout(600)
class LearnedModelTest {

  private static final List<String> WORDS = List.of("it", "is", "a", "thing", "of", "some", "kind");

  private static final String RUN = "test-run";

  @TempDir Path directory;

  private Path decoder() throws IOException {
    Path output = Files.createDirectories(directory.resolve("decoder"));
    new BpeTrainer(300).train(WORDS.stream(), output.resolve("tokenizer.json"));
    try (var tokenizer = Tokenizer.open(output);
        var model =
            CausalLanguageModel.initialise(
                new GptConfig(tokenizer.size(), 32, 32, 1, 2).withEndTokens(0), tokenizer, 1)) {
      model.save(output);
    }
    return output;
  }

  private static LearnSettings settings(Path base, Path directory) {
    Map<String, String> keys = new HashMap<>();
    keys.put("reward.raters.learn.enabled", "true");
    keys.put("reward.raters.learn.base", base.toString());
    keys.put("reward.raters.learn.directory", directory.toString());
    keys.put("reward.raters.learn.every-pairs", "100");
    keys.put("reward.raters.learn.at-most-every", "PT0S");
    keys.put("reward.raters.learn.epochs", "3");
    keys.put("reward.raters.learn.learning-rate", "3e-3");
    return new SmallRyeConfigBuilder()
        .withMapping(RatersSettings.class)
        .withSources(new PropertiesConfigSource(keys, "test", 100))
        .withConverter(Duration.class, 200, Duration::parse)
        .build()
        .getConfigMapping(RatersSettings.class)
        .learn();
  }

  private static String answer(SplittableRandom random, String mark) {
    StringBuilder text = new StringBuilder();
    int place = random.nextInt(6);
    for (int i = 0; i < 6; i++) {
      text.append(' ').append(i == place ? mark : WORDS.get(random.nextInt(WORDS.size())));
    }
    return text.toString();
  }

  private static PreferredCandidate candidate(String text, double value) {
    return PreferredCandidate.newBuilder().setText(text).setValue(value).build();
  }

  private static void prefer(Map<String, Object> client) throws Exception {
    SplittableRandom random = new SplittableRandom(5);
    var messages = new ProtobufSerializer();
    try (var producer =
        new KafkaProducer<String, Preference>(
            client, new StringSerializer(), messages::serialize)) {
      for (int i = 0; i < 300; i++) {
        Preference preference =
            Preference.newBuilder()
                .setRunId(RUN)
                .setRequestId("r" + i)
                .setPrompt("what is " + i)
                .addCandidates(candidate(answer(random, "no"), 0))
                .addCandidates(candidate(answer(random, "thanks"), 1))
                .build();
        producer.send(new ProducerRecord<>(RUN + ".preferences", "r" + i, preference));
      }
      producer.flush();
    }
  }

  private static RolloutScorer scorer(LearnedReward reward) {
    Scorer learned = new LearnedScorer(reward, ClassifierOutput.PROBABILITY);
    return new RolloutScorer(
        new RolloutBatchCheck("test-run"),
        new WeightedSum(Map.of("people", new Term(1, learned))),
        null,
        Optional.empty(),
        Optional.of(reward));
  }

  @Test
  void whatPeoplePreferIsRewardedByTheNextVersion() throws Exception {
    Path versions = directory.resolve("learned");
    RolloutBatch batch = Batches.of("train-3-0", " is it thanks", " is it no");
    try (var broker = LocalBroker.startTemporary()) {
      Map<String, Object> client = Map.of("bootstrap.servers", broker.bootstrapServers());
      KafkaTopics.createForPeople(client, RUN);
      List<ScoredRollout> before;
      List<ScoredRollout> after;
      try (var learned =
          LearnedRewards.start(
              RUN, settings(decoder(), versions), client, new SimpleMeterRegistry())) {
        RolloutScorer scorer = scorer(learned.reward());
        before = scorer.score(batch).scored();
        prefer(client);
        after = awaitVersion(scorer, batch);
      }

      assertThat(before).allSatisfy(rollout -> assertThat(rollout.getReward()).isEqualTo(0.5));
      assertThat(before).extracting(ScoredRollout::getRewardModelVersion).containsOnly(0L);
      assertThat(after.get(0).getReward()).isGreaterThan(after.get(1).getReward() + 0.2);
      assertThat(after).extracting(ScoredRollout::getRewardModelVersion).containsOnly(1L);
      RewardModelVersion version = announced(client);
      assertThat(version.getBase()).isEqualTo("decoder");
      assertThat(version.getAccuracyBefore()).isEqualTo(0.5);
      assertThat(version.getAccuracyLow()).isGreaterThan(0.6);
      assertThat(versions.resolve(version.getDirectory()).resolve("README.md"))
          .content()
          .contains("What people preferred in the run test-run", "held-out accuracy")
          .doesNotContain("thanks");
    }
  }

  private static List<ScoredRollout> awaitVersion(RolloutScorer scorer, RolloutBatch batch)
      throws InterruptedException {
    long end = System.nanoTime() + Duration.ofMinutes(3).toNanos();
    while (true) {
      List<ScoredRollout> scored = scorer.score(batch).scored();
      if (scored.get(0).getRewardModelVersion() > 0) {
        return scored;
      }
      assertThat(System.nanoTime()).as("no version in three minutes").isLessThan(end);
      Thread.sleep(100);
    }
  }

  private static RewardModelVersion announced(Map<String, Object> client) throws Exception {
    var partition = new TopicPartition(RUN + ".reward-models", 0);
    try (var consumer =
        new KafkaConsumer<>(client, new StringDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      var records = consumer.poll(Duration.ofSeconds(20)).records(partition);
      return RewardModelVersion.parseFrom(records.get(0).value());
    }
  }
}
