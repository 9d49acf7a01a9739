package org.elasticreset.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.elasticreset.model.text.DataSplit;
import org.elasticreset.model.text.PreferencePair;
import org.elasticreset.model.text.PromptTemplate;
import org.elasticreset.model.tokenizer.BpeTrainer;
import org.elasticreset.model.tokenizer.Tokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreferenceTrainingTest {

  private static final PromptTemplate FORM = new PromptTemplate("Q: {prompt} A: ");
  private static final EncoderConfig SIZES = new EncoderConfig(300, 48, 32, 1, 2, 64);
  private static final List<String> WORDS = List.of("it", "is", "a", "thing", "of", "some", "kind");

  @TempDir Path directory;

  @Test
  void learnsWhichAnswersAreBetterWhereLengthSaysNothing() throws Exception {
    var result = train(null, data((random, good) -> answer(random, 8, good ? "thanks" : "no")));

    assertThat(result.heldOut().accuracy().share()).isGreaterThan(0.9);
    assertThat(result.heldOut().length().share()).isBetween(0.3, 0.7);
    assertThat(result.heldOut().verdict()).contains("better than their lengths do");
    assertThat(Files.readString(directory.resolve("model/README.md")))
        .contains("better than their lengths do", "Q: {prompt} A:", "output: logit")
        .doesNotContain("thing");
  }

  @Test
  void saysSoWhereOnlyLengthDecides() {
    var result = train(null, data((random, good) -> answer(random, good ? 16 : 6, "it")));

    assertThat(result.heldOut().length().share()).isEqualTo(1);
    assertThat(result.heldOut().accuracy().share()).isGreaterThan(0.9);
    assertThat(result.heldOut().verdict()).doesNotContain("better than their lengths do");
    assertThat(result.heldOut().alike()).isEmpty();
  }

  @Test
  void scoresOfTheTrainingAnswersAreStandardised() {
    var data = data((random, good) -> answer(random, 8, good ? "thanks" : "no"));

    train(null, data);

    assertStandardised(data);
  }

  @Test
  void aDecoderBecomesARewardModelThatReadsTheEndOfLongTexts() {
    var decoder = decoder();
    var data = data((random, good) -> answer(random, 40, good ? "thanks" : "no"));

    var result = train(decoder, data);

    assertThat(result.cutTexts()).isGreaterThan(200);
    assertThat(result.mean()).isZero();
    assertStandardised(data);
    try (var model = SequenceClassifier.open(directory.resolve("model"))) {
      assertThat(model.problem()).isEqualTo(ProblemType.REGRESSION);
      assertThat(model.labels()).containsExactly("REWARD");
      var end = "it is a thing of some kind ".repeat(20);
      var scores = model.logits(List.of("no " + end, "thanks " + end, end + "no", end + "thanks"));
      assertThat(scores[0][0]).isEqualTo(scores[1][0]);
      assertThat(scores[2][0]).isNotEqualTo(scores[3][0]);
    }
  }

  @Test
  void aRewardModelIsTrainedOn() {
    var data = data((random, good) -> answer(random, 8, good ? "thanks" : "no"));
    train(null, data);
    Path first = directory.resolve("model");

    var result =
        new PreferenceTraining(
                data,
                settings(first, 1),
                new ClassifierTraining.Origin("", ""),
                directory.resolve("second"),
                Clock.systemUTC(),
                line -> {})
            .run();

    assertThat(result.heldOut().accuracy().share()).isGreaterThan(0.9);
  }

  @Test
  void nothingIsKeptOfATrainingThatIsStopped() {
    var output = directory.resolve("model");
    var training =
        new PreferenceTraining(
            data((random, good) -> answer(random, 8, "it")),
            settings(null, 1000),
            new ClassifierTraining.Origin("", ""),
            output,
            Clock.systemUTC(),
            line -> {});
    training.stop();

    assertThatThrownBy(training::run)
        .isInstanceOf(TrainingStoppedException.class)
        .hasMessage("stopped before the end: %s holds no trained model", output);

    assertThat(output.resolve("model.safetensors")).doesNotExist();
  }

  @Test
  void refusesAClassifierOfSeveralLabels() {
    var config = new EncoderConfig(300, 16, 8, 1, 2, 16);
    new BpeTrainer(300, true, EncoderClassifier.SPECIAL_TOKENS)
        .train(Stream.of("a"), directory.resolve("tokenizer.json"));
    var several = directory.resolve("several");
    try (var model =
        EncoderClassifier.initialise(config, List.of("A", "B"), Tokenizer.open(directory), 1)) {
      model.save(several);
    }

    assertThatThrownBy(() -> train(several, data((random, good) -> answer(random, 8, "it"))))
        .hasMessageContaining("one label, to go on training a reward model");
  }

  private void assertStandardised(DataSplit<PreferencePair> data) {
    var texts =
        data.training().stream()
            .flatMap(
                pair ->
                    Stream.of(pair.chosen(), pair.rejected())
                        .map(
                            answer ->
                                FORM.prompt(pair.prompt()) + FORM.response(pair.prompt(), answer)))
            .distinct()
            .toList();
    try (var model = SequenceClassifier.open(directory.resolve("model"))) {
      var scores = Arrays.stream(model.logits(texts)).mapToDouble(row -> row[0]).toArray();
      double mean = Arrays.stream(scores).average().orElseThrow();
      double squares = Arrays.stream(scores).map(s -> (s - mean) * (s - mean)).sum();
      assertThat(mean).isCloseTo(0, within(5e-3));
      assertThat(Math.sqrt(squares / (scores.length - 1))).isCloseTo(1, within(5e-3));
    }
  }

  private Path decoder() {
    new BpeTrainer(300).train(WORDS.stream(), directory.resolve("tokenizer.json"));
    var output = directory.resolve("decoder");
    try (var tokenizer = Tokenizer.open(directory);
        var model =
            CausalLanguageModel.initialise(
                new GptConfig(tokenizer.size(), 32, 32, 1, 2).withEndTokens(0), tokenizer, 1)) {
      model.save(output);
    }
    return output;
  }

  private PreferenceTraining.Result train(Path model, DataSplit<PreferencePair> data) {
    return new PreferenceTraining(
            data,
            settings(model, 4),
            new ClassifierTraining.Origin("Made up.", "train-reward"),
            directory.resolve("model"),
            Clock.systemUTC(),
            line -> {})
        .run();
  }

  private static PreferenceTraining.Settings settings(Path model, int epochs) {
    return new PreferenceTraining.Settings(
        FORM, model, SIZES, epochs, null, 16, 8, 3e-3, 0.01, 0.1, 1);
  }

  private interface Answers {
    String draw(SplittableRandom random, boolean good);
  }

  private static DataSplit<PreferencePair> data(Answers answers) {
    var random = new SplittableRandom(3);
    var pairs = new ArrayList<PreferencePair>();
    for (int i = 0; i < 400; i++) {
      pairs.add(
          new PreferencePair(
              "what is " + i / 2,
              answers.draw(random, true),
              answers.draw(random, false),
              Optional.empty()));
    }
    return DataSplit.of(pairs, PreferencePair::prompt, PreferencePair::split, 0.25, 1);
  }

  /** About so many words, the last but one of which tells. */
  private static String answer(SplittableRandom random, int words, String telling) {
    int count = words + random.nextInt(4);
    return IntStream.range(0, count)
        .mapToObj(i -> i == count - 2 ? telling : WORDS.get(random.nextInt(WORDS.size())))
        .collect(Collectors.joining(" "));
  }
}
