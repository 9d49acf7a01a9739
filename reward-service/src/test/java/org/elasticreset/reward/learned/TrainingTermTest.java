package org.elasticreset.reward.learned;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.elasticreset.proto.v1.RewardModelVersion;
import org.elasticreset.reward.learned.TrainingTerm.Setup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingTermTest {

  private static final Instant NOW = Instant.parse("2026-11-27T12:00:00Z");

  @TempDir Path directory;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final LearnedMetrics metrics = new LearnedMetrics(registry);
  private final FakeAnnouncements topic = new FakeAnnouncements();
  private final FakeTrainings trainings = new FakeTrainings();
  private int requests;

  private TrainingTerm term(Executor executor) {
    return new TrainingTerm(
        new Setup(
            Preferences.RUN,
            "a-base",
            new RetrainingRule(20, 20, Duration.ZERO),
            new HeldOut(0.5),
            trainings,
            new VersionFolders(directory),
            executor,
            Clock.fixed(NOW, ZoneOffset.UTC),
            metrics),
        topic);
  }

  private TrainingTerm term() {
    return term(Runnable::run);
  }

  private void prefer(TrainingTerm term, int count) {
    for (int i = 0; i < count; i++) {
      String request = "r" + requests++;
      term.take(request, Preferences.of(request, "p" + request, "yes", "no").toByteArray());
    }
  }

  /** Once to begin, once to tell. */
  private static void goOn(TrainingTerm term) {
    term.goOn();
    term.goOn();
  }

  private List<String> folders() throws IOException {
    try (var paths = Files.list(directory)) {
      return paths.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private double count(String name, String... tags) {
    return registry.get(name).tags(tags).counter().count();
  }

  @Test
  void whatIsTrainedOnEnoughPairsIsAnnouncedWithItsAccuracy() throws Exception {
    trainings.comingOutAs(0.8);
    TrainingTerm term = term();
    prefer(term, 19);
    goOn(term);
    assertThat(topic.told).isEmpty();

    prefer(term, 1);
    goOn(term);

    RewardModelVersion version = topic.told.get(0);
    assertThat(version.getVersion()).isEqualTo(1);
    assertThat(version.getAdopted()).isTrue();
    assertThat(version.getBase()).isEqualTo("a-base");
    assertThat(version.getAccuracy()).isEqualTo(0.8);
    assertThat(version.getAccuracyLow()).isBetween(0.6, 0.8);
    assertThat(version.getAccuracyHigh()).isBetween(0.8, 0.9);
    assertThat(version.getTrainingPairs() + version.getHeldOutPairs()).isEqualTo(20);
    assertThat(new VersionFolders(directory).verified(version).resolve("score")).hasContent("0.8");
  }

  @Test
  void itIsTrainedAgainWhenEnoughIsNewAndMeasuredBesideWhatScores() throws Exception {
    trainings.comingOutAs(0.7, 0.7, 0.8);
    TrainingTerm term = term();
    for (int round = 0; round < 3; round++) {
      prefer(term, 20);
      goOn(term);
      goOn(term);
    }

    assertThat(topic.told).extracting(RewardModelVersion::getVersion).containsExactly(1L, 2L, 3L);
    assertThat(topic.told).allMatch(RewardModelVersion::getAdopted);
    assertThat(trainings.before.get(0)).isEmpty();
    assertThat(trainings.before.get(2))
        .contains(directory.resolve(topic.told.get(1).getDirectory()));
    assertThat(folders())
        .containsExactly(topic.told.get(1).getDirectory(), topic.told.get(2).getDirectory());
  }

  @Test
  void aWorseOneIsToldOfAndDoesNotScore() throws Exception {
    trainings.comingOutAs(0.8, 0.79);
    TrainingTerm term = term();
    prefer(term, 20);
    goOn(term);
    prefer(term, 20);

    goOn(term);

    RewardModelVersion worse = topic.told.get(1);
    assertThat(worse.getVersion()).isEqualTo(2);
    assertThat(worse.getAdopted()).isFalse();
    assertThat(worse.getAccuracyBefore()).isEqualTo(0.8);
    assertThat(folders()).containsExactly(topic.told.get(0).getDirectory());
    assertThat(count("reward.learner.trainings", "outcome", "worse")).isEqualTo(1);
  }

  @Test
  void aTrainerThatDiesBeforeItAnnouncesLeavesNothingThatCounts() throws Exception {
    trainings.comingOutAs(0.8);
    TrainingTerm killed = term();
    prefer(killed, 20);
    topic.broken = true;
    assertThatThrownBy(() -> goOn(killed)).hasMessageContaining("killed");
    assertThat(folders()).hasSize(1);
    topic.broken = false;

    TrainingTerm successor = term();
    prefer(successor, 20);
    goOn(successor);

    assertThat(topic.told).extracting(RewardModelVersion::getVersion).containsExactly(1L);
    assertThat(folders()).containsExactly(topic.told.get(0).getDirectory());
  }

  @Test
  void aSuccessorKnowsWhatWasTrainedOn() {
    trainings.comingOutAs(0.8);
    TrainingTerm first = term();
    prefer(first, 20);
    goOn(first);
    first.close();
    requests = 0;

    TrainingTerm successor = term();
    prefer(successor, 39);
    goOn(successor);
    assertThat(topic.told).hasSize(1);
    prefer(successor, 1);
    goOn(successor);

    assertThat(topic.told).extracting(RewardModelVersion::getVersion).containsExactly(1L, 2L);
  }

  @Test
  void whereWhatScoresIsDamagedAnotherIsTrainedAtOnceAndMeasuredWithoutIt() throws Exception {
    trainings.comingOutAs(0.8, 0.8);
    TrainingTerm first = term();
    prefer(first, 20);
    goOn(first);
    first.close();
    requests = 0;
    Files.writeString(
        directory.resolve(topic.told.get(0).getDirectory()).resolve("score"), "edited");

    TrainingTerm successor = term();
    prefer(successor, 20);
    goOn(successor);

    assertThat(topic.told).extracting(RewardModelVersion::getVersion).containsExactly(1L, 2L);
    assertThat(trainings.before).containsExactly(Optional.empty(), Optional.empty());
  }

  @Test
  void whatFailsIsTriedAgainWhenThereIsMore() throws Exception {
    trainings.comingOutAs(Double.NaN, 0.8);
    TrainingTerm term = term();
    prefer(term, 20);
    goOn(term);
    goOn(term);
    assertThat(topic.told).isEmpty();
    assertThat(folders()).isEmpty();
    assertThat(count("reward.learner.trainings", "outcome", "failed")).isEqualTo(1);

    prefer(term, 20);
    goOn(term);

    assertThat(topic.told).hasSize(1);
  }

  @Test
  void whatCannotBeReadIsCountedAndSkipped() {
    trainings.comingOutAs(0.8);
    TrainingTerm term = term();
    prefer(term, 10);
    term.take("r", "not protobuf".getBytes(StandardCharsets.UTF_8));
    term.take("r", Preferences.of("another", "p", "yes", "no").toByteArray());
    term.take(null, Preferences.of("r", "p", "yes", "no").toByteArray());
    term.take("never there", null);
    prefer(term, 10);

    goOn(term);

    assertThat(count("reward.learner.refused")).isEqualTo(3);
    assertThat(trainings.trained).hasSize(1);
  }

  @Test
  void whatIsTakenBackIsNotLearned() {
    trainings.comingOutAs(0.8);
    TrainingTerm term = term();
    prefer(term, 21);
    term.take("r3", null);

    goOn(term);

    var data = trainings.trained.get(0);
    assertThat(data.training()).hasSize(20 - data.heldOut().size());
    assertThat(data.training()).noneMatch(pair -> pair.prompt().equals("pr3"));
    assertThat(data.heldOut()).noneMatch(pair -> pair.prompt().equals("pr3"));
  }

  @Test
  void trainingIsElsewhereAndEndsWithTheTerm() {
    trainings.comingOutAs(0.8);
    Deque<Runnable> elsewhere = new ArrayDeque<>();
    TrainingTerm term = term(elsewhere::add);
    prefer(term, 40);
    goOn(term);
    goOn(term);
    assertThat(elsewhere).hasSize(1);
    assertThat(topic.told).isEmpty();

    term.close();

    assertThat(trainings.stopped).isEqualTo(1);
    assertThat(Optional.ofNullable(elsewhere.peek())).isPresent();
  }
}
