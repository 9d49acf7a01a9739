package org.elasticreset.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import org.elasticreset.model.CausalLanguageModel;
import org.elasticreset.model.LanguageModelTraining;
import org.elasticreset.model.OptimizerSettings;
import org.elasticreset.model.PolicyTrainer;
import org.elasticreset.model.TrainingRecord;
import org.elasticreset.model.TrainingSettings;
import org.elasticreset.model.tokenizer.BpeTrainer;
import org.elasticreset.model.tokenizer.Tokenizer;

/** Reads text, learns a vocabulary where there is none, trains, and keeps the best model. */
final class SftRun {

  /** For the step under way, and for what is written behind it. */
  private static final Duration LAST_STEP = Duration.ofMinutes(5);

  /** GPT-3's betas and epsilon: small batches change the second moment faster than the default. */
  private static final double BETA_1 = 0.9;

  private static final double BETA_2 = 0.95;
  private static final double EPSILON = 1e-8;
  private static final double MAX_GRADIENT_NORM = 1;

  private static final Duration BETWEEN_LINES = Duration.ofSeconds(15);

  private final SftSettings settings;
  private final Terminal terminal;
  private final InstantSource clock;

  SftRun(SftSettings settings, Terminal terminal, InstantSource clock) {
    this.settings = settings;
    this.terminal = terminal;
    this.clock = clock;
  }

  /**
   * @throws IllegalArgumentException or ModelFormatException naming the option or file to change
   */
  void run() {
    checkOutput();
    var read = settings.data().read(settings.seed());
    say("%s", read.summary());
    try (var model = model(read)) {
      train(model, read);
    }
  }

  private void checkOutput() {
    boolean trained = Files.exists(settings.output().resolve("model.safetensors"));
    if (trained && !settings.resume()) {
      throw new IllegalArgumentException(
          "--output: "
              + settings.output()
              + " holds a model (expected: another directory, or --resume)");
    }
    if (!trained && settings.resume()) {
      throw new IllegalArgumentException(
          "--resume: no model in " + settings.output() + " (expected: one that sft has kept)");
    }
  }

  private void makeOutput() {
    try {
      Files.createDirectories(settings.output());
    } catch (IOException e) {
      throw new UncheckedIOException("making directory " + settings.output(), e);
    }
  }

  private CausalLanguageModel model(SftData.Read read) {
    if (settings.resume()) {
      return CausalLanguageModel.open(settings.output());
    }
    if (settings.model() != null) {
      return CausalLanguageModel.open(settings.model());
    }
    var shape = settings.shape();
    say("learning a vocabulary of %,d tokens", shape.vocabulary());
    makeOutput();
    shape.vocabularyTrainer().train(read.vocabulary(), settings.output().resolve("tokenizer.json"));
    var tokenizer = Tokenizer.open(settings.output());
    int end = tokenizer.id(BpeTrainer.END_OF_TEXT).orElseThrow();
    var config = shape.config(tokenizer.size(), end);
    return CausalLanguageModel.initialise(config, tokenizer, settings.seed());
  }

  private void train(CausalLanguageModel model, SftData.Read read) {
    int context = Math.min(settings.shape().context(), model.config().positions());
    var data = read.tokens(model.tokenizer(), endOfText(model), context);
    long parameters = model.parameters().totalBytes() / Float.BYTES;
    say("%,d tokens to predict, %,d parameters", data.training().tokens(), parameters);
    if (!data.note().isEmpty()) {
      say("%s", data.note());
    }
    var optimizer =
        new OptimizerSettings(BETA_1, BETA_2, EPSILON, settings.weightDecay(), MAX_GRADIENT_NORM);
    try (var trainer =
        new PolicyTrainer(
            model, optimizer, settings.seed(), new TrainingSettings(settings.precision(), false))) {
      var run =
          new LanguageModelTraining(
              model,
              trainer,
              data.training(),
              data.heldOut(),
              settings.training(),
              settings.output(),
              settings.resume() ? TrainingRecord.open(settings.output()) : TrainingRecord.NONE,
              clock,
              new SftProgress(terminal, clock, BETWEEN_LINES));
      // Ctrl-C ends the training early; what it has learned is measured, kept and described.
      try (var early = new EarlyEnd(run::stop, LAST_STEP)) {
        var record = run.run();
        terminal.clearStatus();
        new SftCard(settings, parameters, data, record).write();
        sayResult(record);
      }
    }
  }

  private void sayResult(TrainingRecord record) {
    say(
        "%s: held-out perplexity %.2f, %.4f bits per byte",
        settings.output(),
        record.best().heldOut().perplexity(),
        record.best().heldOut().bitsPerByte());
  }

  private int endOfText(CausalLanguageModel model) {
    var named = model.tokenizer().id(BpeTrainer.END_OF_TEXT);
    if (named.isPresent()) {
      return named.getAsInt();
    }
    if (model.config().endTokens().isEmpty()) {
      throw new IllegalArgumentException(
          "--model: "
              + settings.model()
              + " has no token that ends a text (expected: eos_token_id in its config.json)");
    }
    return model.config().endTokens().get(0);
  }

  private void say(String format, Object... arguments) {
    terminal.line(String.format(Locale.ROOT, format, arguments));
  }
}
