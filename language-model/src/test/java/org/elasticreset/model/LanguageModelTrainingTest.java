package org.elasticreset.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.elasticreset.model.files.SafeTensors;
import org.elasticreset.model.tokenizer.BpeTrainer;
import org.elasticreset.model.tokenizer.Tokenizer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LanguageModelTrainingTest {

  private static final int CONTEXT = 16;

  @TempDir Path directory;

  private final List<LanguageModelTraining.Progress> steps = new ArrayList<>();
  private final List<Boolean> kept = new ArrayList<>();
  private Tokenizer tokenizer;

  @BeforeEach
  void learnAVocabulary() {
    new BpeTrainer(300).train(texts(1, 200).stream(), directory.resolve("tokenizer.json"));
    tokenizer = Tokenizer.open(directory);
  }

  @AfterEach
  void closeTokenizer() {
    tokenizer.close();
  }

  @Test
  void heldOutLossFallsAndTheBestModelLiesInTheDirectory() {
    var output = directory.resolve("model");
    try (var model = newModel()) {
      double before = heldOut().measure(model, 8).natsPerToken();

      var record = train(model, output, 120, TrainingRecord.NONE);

      assertThat(record.best().heldOut().natsPerToken()).isLessThan(before - 1.5);
      assertThat(steps).hasSize(120);
      assertThat(steps.get(119).tokens()).isEqualTo(120L * 8 * CONTEXT);
      assertThat(record.points())
          .extracting(TrainingRecord.Point::step)
          .containsExactly(50L, 100L, 120L);
    }
    try (var opened = CausalLanguageModel.open(output)) {
      assertThat(heldOut().measure(opened, 8).natsPerToken())
          .isCloseTo(TrainingRecord.open(output).last().heldOut().natsPerToken(), within(2e-3));
      assertThat(opened.tokenizer().id(BpeTrainer.END_OF_TEXT)).hasValue(0);
    }
    assertThat(output.resolve("tokenizer_config.json"))
        .content()
        .contains("PreTrainedTokenizerFast")
        // transformers hands token types to what does not say that it takes none
        .containsPattern("model_input_names\"[\\s:\\[]+\"input_ids\",\\s+\"attention_mask\"");
  }

  @Test
  void writesHalfSizeWeightsWhenAsked() throws Exception {
    var output = directory.resolve("model");
    try (var model = newModel()) {
      train(model, output, 1, TrainingRecord.NONE);
      assertThat(Files.size(output.resolve("model.safetensors")))
          .isLessThan(model.parameters().totalBytes() / 2 + 5_000);
    }
  }

  @Test
  void aCutTrainingGoesOnWhereItWas() {
    var output = directory.resolve("model");
    try (var model = newModel()) {
      train(model, output, 40, TrainingRecord.NONE);
    }
    steps.clear();
    try (var model = CausalLanguageModel.open(output)) {
      var record = train(model, output, 60, TrainingRecord.open(output));

      assertThat(steps).hasSize(20);
      assertThat(steps.get(0).step()).isEqualTo(41);
      assertThat(record.points().get(0).step()).isEqualTo(40);
      assertThat(record.last().tokens()).isEqualTo(60L * 8 * CONTEXT);
    }
  }

  @Test
  void stoppingKeepsWhatHasBeenLearned() {
    var output = directory.resolve("model");
    try (var model = newModel();
        var trainer = new PolicyTrainer(model, OptimizerSettings.DEFAULT, 1)) {
      var self = new LanguageModelTraining[1];
      self[0] =
          training(
              model,
              trainer,
              output,
              1000,
              TrainingRecord.NONE,
              new Recorder() {
                @Override
                public void stepped(LanguageModelTraining.Progress progress) {
                  if (progress.step() == 5) {
                    self[0].stop();
                  }
                }
              });

      var record = self[0].run();

      assertThat(record.last().step()).isEqualTo(5);
      assertThat(output.resolve("model.safetensors")).exists();
    }
  }

  @Test
  void aModelThatKnowsNothingIsAsUnsureAsItsVocabularyIsLarge() {
    try (var model = newModel()) {
      var zeros = java.nio.ByteBuffer.allocate((int) model.parameters().totalBytes());
      model.parameters().write(0, zeros);

      var loss = heldOut().measure(model, 8);

      assertThat(loss.perplexity()).isCloseTo(tokenizer.size(), within(0.01));
      double bits = Math.log(tokenizer.size()) / Math.log(2);
      long bytes = texts(2, 20).stream().mapToLong(String::length).sum();
      assertThat(loss.bitsPerByte()).isCloseTo(bits * heldOut().tokens() / bytes, within(1e-4));
    }
  }

  @Test
  void refusesAMicroBatchThatDoesNotDivide() {
    assertThatThrownBy(
            () ->
                new LanguageModelTrainingSettings(
                    new TrainingBudget.Steps(1),
                    16,
                    5,
                    new WarmUpCosine(1, 0, 0),
                    1,
                    Duration.ofMinutes(1),
                    SafeTensors.Dtype.F32))
        .hasMessage("micro-batch size: 5 (expected: a divisor of the batch size, 16)");
  }

  private CausalLanguageModel newModel() {
    return CausalLanguageModel.initialise(
        new GptConfig(tokenizer.size(), CONTEXT, 32, 2, 2).withEndTokens(0), tokenizer, 1);
  }

  private HeldOutText heldOut() {
    return new HeldOutText(texts(2, 20), tokenizer, 0, CONTEXT);
  }

  private TrainingRecord train(
      CausalLanguageModel model, Path output, long steps, TrainingRecord before) {
    try (var trainer = new PolicyTrainer(model, OptimizerSettings.DEFAULT, 1)) {
      return training(model, trainer, output, steps, before, new Recorder()).run();
    }
  }

  private LanguageModelTraining training(
      CausalLanguageModel model,
      PolicyTrainer trainer,
      Path output,
      long steps,
      TrainingRecord before,
      LanguageModelTraining.Listener listener) {
    var windows = TokenWindows.of(tokenizer.encodeDocuments(texts(1, 200)), 0, CONTEXT, 1);
    var settings =
        new LanguageModelTrainingSettings(
            new TrainingBudget.Steps(steps),
            8,
            4,
            new WarmUpCosine(1e-2, 5, 0.05),
            50,
            Duration.ofHours(1),
            SafeTensors.Dtype.F16);
    return new LanguageModelTraining(
        model,
        trainer,
        windows,
        heldOut(),
        settings,
        output,
        before,
        InstantSource.system(),
        listener);
  }

  private class Recorder implements LanguageModelTraining.Listener {
    @Override
    public void stepped(LanguageModelTraining.Progress progress) {
      steps.add(progress);
    }

    @Override
    public void measured(TrainingRecord.Point point, boolean best) {
      kept.add(best);
    }
  }

  /** Sentences with something to learn: a noun decides the verb. */
  private static List<String> texts(long seed, int count) {
    var random = new Random(seed);
    var nouns = List.of("river", "actor", "camera", "ending", "music");
    var verbs = List.of("bends north", "smiles slowly", "never blinks", "comes late", "swells");
    var texts = new ArrayList<String>();
    for (int i = 0; i < count; i++) {
      int word = random.nextInt(nouns.size());
      texts.add("The " + nouns.get(word) + " " + verbs.get(word) + ".");
    }
    return texts;
  }
}
