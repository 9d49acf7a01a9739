package org.elasticreset.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import org.elasticreset.model.CausalLanguageModel;
import org.elasticreset.model.HeldOutText;
import org.elasticreset.model.LanguageModelTraining;
import org.elasticreset.model.OptimizerSettings;
import org.elasticreset.model.PolicyTrainer;
import org.elasticreset.model.TokenWindows;
import org.elasticreset.model.TrainingRecord;
import org.elasticreset.model.TrainingSettings;
import org.elasticreset.model.text.TextCorpus;
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
    var heldOut = TextCorpus.spread(settings.heldOut().read(), settings.heldOutDocuments());
    var unseen = new HashSet<>(heldOut);
    var training = settings.data().read().stream().filter(text -> !unseen.contains(text)).toList();
    if (training.isEmpty()) {
      throw new IllegalArgumentException(
          "--data: nothing but held-out documents (expected: other text to train on)");
    }
    say("%,d documents to train on, %,d held out", training.size(), heldOut.size());
    try (var model = model(training)) {
      train(model, training, heldOut);
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

  private CausalLanguageModel model(List<String> training) {
    if (settings.resume()) {
      return CausalLanguageModel.open(settings.output());
    }
    if (settings.model() != null) {
      return CausalLanguageModel.open(settings.model());
    }
    var shape = settings.shape();
    say("learning a vocabulary of %,d tokens", shape.vocabulary());
    makeOutput();
    shape.vocabularyTrainer().train(training.stream(), settings.output().resolve("tokenizer.json"));
    var tokenizer = Tokenizer.open(settings.output());
    int end = tokenizer.id(BpeTrainer.END_OF_TEXT).orElseThrow();
    var config = shape.config(tokenizer.size(), end);
    return CausalLanguageModel.initialise(config, tokenizer, settings.seed());
  }

  private void train(CausalLanguageModel model, List<String> training, List<String> heldOut) {
    int end = endOfText(model);
    int context = Math.min(settings.shape().context(), model.config().positions());
    var windows =
        TokenWindows.of(model.tokenizer().encodeDocuments(training), end, context, settings.seed());
    long parameters = model.parameters().totalBytes() / Float.BYTES;
    say("%,d tokens of text, %,d parameters", windows.tokens(), parameters);
    var optimizer =
        new OptimizerSettings(BETA_1, BETA_2, EPSILON, settings.weightDecay(), MAX_GRADIENT_NORM);
    try (var trainer =
        new PolicyTrainer(
            model, optimizer, settings.seed(), new TrainingSettings(settings.precision(), false))) {
      var measured = new HeldOutText(heldOut, model.tokenizer(), end, context);
      var run =
          new LanguageModelTraining(
              model,
              trainer,
              windows,
              measured,
              settings.training(),
              settings.output(),
              settings.resume() ? TrainingRecord.open(settings.output()) : TrainingRecord.NONE,
              clock,
              new SftProgress(terminal, clock, BETWEEN_LINES));
      // Ctrl-C ends the training early; what it has learned is measured, kept and described.
      try (var early = new EarlyEnd(run::stop, LAST_STEP)) {
        var record = run.run();
        terminal.clearStatus();
        new SftCard(settings, parameters, windows.tokens(), measured, record).write();
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
