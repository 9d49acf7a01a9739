package org.elasticreset.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.elasticreset.model.ClassifierTraining.Architecture;
import org.elasticreset.model.ClassifierTraining.Settings;
import org.elasticreset.model.text.LabelledText;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassifierTrainingTest {

  private static final EncoderConfig SIZES = new EncoderConfig(320, 32, 32, 2, 2, 64);
  private static final List<LabelledText> TEXTS = ToyTexts.labelled(600, 3, 11);
  private static final List<LabelledText> HELD_OUT = ToyTexts.labelled(150, 3, 12);

  private static final ClassifierTraining.Origin ORIGIN =
      new ClassifierTraining.Origin("Made-up reports.", "train-reward --seed 3");

  @TempDir Path directory;

  @Test
  void encoderLearnsThreeLabels() {
    var log = new ArrayList<String>();

    var result =
        new ClassifierTraining(
                TEXTS, HELD_OUT, encoder(8), ORIGIN, directory, Clock.systemUTC(), log::add)
            .run();

    assertThat(result.accuracy()).isGreaterThan(0.9);
    assertThat(result.labels()).containsExactly("FOOD", "TRAVEL", "WEATHER");
    assertThat(result.steps()).isEqualTo(8 * 19);
    assertThat(log).anyMatch(line -> line.startsWith("epoch=8 held-out-accuracy="));
  }

  @Test
  void trainingIsReproducibleFromItsSeed() throws IOException {
    for (var name : List.of("one", "two")) {
      train(encoder(1), directory.resolve(name));
    }
    assertThat(directory.resolve("one/model.safetensors"))
        .hasSameBinaryContentAs(directory.resolve("two/model.safetensors"));

    train(new Settings(Architecture.ENCODER, 1, null, 4, SIZES), directory.resolve("three"));
    assertThat(Files.mismatch(weights("one"), weights("three"))).isNotEqualTo(-1);
  }

  @Test
  void ngramsLearnThreeLabels() {
    var result = train(ngrams(), directory);

    assertThat(result.accuracy()).isGreaterThan(0.95);
    try (var classifier = SequenceClassifier.open(directory)) {
      assertThat(classifier).isInstanceOf(NgramClassifier.class);
      var probabilities = classifier.probabilities(List.of("thunder and snow"))[0];
      assertThat(probabilities[classifier.labelIndex("WEATHER")]).isGreaterThan(0.7f);
    }
  }

  @Test
  void theCardStatesWhatWasMeasuredAndNoText() throws IOException {
    train(ngrams(), directory);

    assertThat(directory.resolve("README.md"))
        .content()
        .contains("| trained on | 600 labelled texts |", "150 held-out texts", "Made-up reports.")
        .contains("train-reward --seed 3")
        .doesNotContain("soup", directory.toString());
  }

  @Test
  void aTimeLimitEndsTheTraining() {
    var clock = new SteppingClock(Duration.ofSeconds(1));
    var settings = new Settings(Architecture.ENCODER, 1000, Duration.ofSeconds(60), 3, SIZES);

    var result =
        new ClassifierTraining(TEXTS, HELD_OUT, settings, ORIGIN, directory, clock, line -> {})
            .run();

    assertThat(result.steps()).isBetween(5, 60);
    assertThat(result.epochs()).isEqualTo(result.steps() / 19.0);
    assertThat(directory.resolve("README.md")).content().doesNotContain("| 1000, ");
  }

  @Test
  void encoderThatIsStoppedIsKeptAsItWasAfterItsLastEpoch() {
    var training = new AtomicReference<ClassifierTraining>();
    training.set(
        new ClassifierTraining(
            TEXTS,
            HELD_OUT,
            encoder(1000),
            ORIGIN,
            directory,
            Clock.systemUTC(),
            line -> {
              if (line.startsWith("epoch=2 held-out-accuracy=")) {
                training.get().stop();
              }
            }));

    assertThatThrownBy(() -> training.get().run())
        .isInstanceOf(TrainingStoppedException.class)
        .hasMessage(
            "stopped before the end: %s holds the model of epoch 2, not measured", directory);

    assertThat(directory.resolve("README.md")).doesNotExist();
    try (var classifier = SequenceClassifier.open(directory)) {
      assertThat(classifier.labels()).hasSize(3);
    }
  }

  @Test
  void accuracyOnTheWayIsOfAllLabelsThoughTheFileIsSortedByThem() {
    var sorted = new ArrayList<LabelledText>();
    for (int i = 0; i < 6000; i++) {
      sorted.add(new LabelledText("text " + i, i < 3000 ? "bad" : "good"));
    }

    var texts = ClassifierTraining.quickCheck(sorted);

    assertThat(texts).hasSize(2000);
    assertThat(texts).filteredOn(text -> text.label().equals("bad")).hasSize(1000);
  }

  @Test
  void refusesHeldOutLabelsThatTheDataDoesNotHave() {
    var heldOut = List.of(new LabelledText("soup", "SPORT"));

    assertThatThrownBy(
            () ->
                new ClassifierTraining(
                    TEXTS, heldOut, ngrams(), ORIGIN, directory, Clock.systemUTC(), line -> {}))
        .hasMessage("held-out label: SPORT (expected: one of [FOOD, TRAVEL, WEATHER])");
  }

  @Test
  void quotesAFewOfManyLabels() {
    var texts = new ArrayList<LabelledText>();
    for (int i = 0; i < 5000; i++) {
      texts.add(new LabelledText("soup", "number " + i));
    }
    var heldOut = List.of(new LabelledText("soup", "SPORT"));

    assertThatThrownBy(
            () ->
                new ClassifierTraining(
                    texts, heldOut, ngrams(), ORIGIN, directory, Clock.systemUTC(), line -> {}))
        .hasMessageStartingWith(
            "held-out label: SPORT (expected: one of the 5,000 of the data, such as [number 0, ")
        .message()
        .hasSizeLessThan(250);
  }

  @Test
  void refusesDataOfOneLabel() {
    var texts = List.of(new LabelledText("soup", "FOOD"));

    assertThatThrownBy(
            () ->
                new ClassifierTraining(
                    texts, texts, ngrams(), ORIGIN, directory, Clock.systemUTC(), line -> {}))
        .hasMessage("labels of the data: [FOOD] (expected: two or more)");
  }

  private static ClassifierTraining.Result train(Settings settings, Path output) {
    return new ClassifierTraining(
            TEXTS, HELD_OUT, settings, ORIGIN, output, Clock.systemUTC(), line -> {})
        .run();
  }

  private Path weights(String name) {
    return directory.resolve(name).resolve("model.safetensors");
  }

  private static Settings encoder(int epochs) {
    return new Settings(Architecture.ENCODER, epochs, null, 3, SIZES);
  }

  private static Settings ngrams() {
    return new Settings(Architecture.NGRAM, 3, null, 3, SIZES);
  }
}
