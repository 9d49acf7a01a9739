package org.elasticreset.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.elasticreset.model.text.LabelledText;
import org.elasticreset.model.text.TextCorpus;
import org.elasticreset.model.tokenizer.BpeTrainer;
import org.elasticreset.model.tokenizer.Tokenizer;
import org.jspecify.annotations.Nullable;

/**
 * Trains a classifier on labelled texts and writes it as a model directory, measured and with a
 * card.
 *
 * <p>The same data, settings and seed give the same weights on the same machine, unless a time
 * limit ends the training. The labels are those of the data, in alphabetical order.
 */
public final class ClassifierTraining {

  /** The kinds of classifier. */
  public enum Architecture {
    /** A transformer: {@link EncoderClassifier}. */
    ENCODER,
    /** A linear model over hashed word pairs: {@link NgramClassifier}. */
    NGRAM
  }

  /** Words that a text is cut to where the accuracy on short texts is measured. */
  public static final int SHORT_TEXT_WORDS = 80;

  private static final int EVALUATION_BATCH = 32;
  private static final int QUICK_CHECK_TEXTS = 2000;
  private static final int QUOTED_LABELS = 10;
  private static final int NGRAM_BINS = 1 << 20;

  /**
   * What to train.
   *
   * @param epochs passes over the data
   * @param limit ends the training earlier, with the learning rate falling to zero by then; the
   *     result is then no longer reproducible
   * @param encoder sizes of an encoder; its vocabulary is learned, at most this large
   */
  public record Settings(
      Architecture architecture,
      int epochs,
      @Nullable Duration limit,
      long seed,
      EncoderConfig encoder) {

    /** Sizes that two cores train in half an hour. */
    public static final EncoderConfig SMALL_ENCODER = new EncoderConfig(8000, 512, 128, 2, 4, 512);

    public Settings {
      if (epochs < 1) {
        throw new IllegalArgumentException("epochs: " + epochs + " (expected: at least 1)");
      }
      if (limit != null && (limit.isNegative() || limit.isZero())) {
        throw new IllegalArgumentException("minutes: " + limit + " (expected: more than none)");
      }
    }
  }

  /**
   * What the card says about where the model comes from; no text of the data and no path belongs
   * here, for cards are published.
   *
   * @param data a sentence or two about the texts
   * @param command the command that trains this model again
   */
  public record Origin(String data, String command) {}

  /** How far training is: the mean loss since the last report, and what remains. */
  public record Progress(
      double epoch, int epochs, double loss, double learningRate, Duration elapsed) {

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "epoch=%.2f/%d loss=%.4f learning-rate=%.2e elapsed=%ds",
          epoch,
          epochs,
          loss,
          learningRate,
          elapsed.toSeconds());
    }
  }

  /**
   * What came out; accuracies are shares of the held-out texts, of the model as saved.
   *
   * @param epochs passes over the data that were made; a time limit may end one in the middle
   * @param loss mean cross-entropy of the last report, against smoothed labels if there are any
   * @param shortTextAccuracy with every text cut to its first {@link #SHORT_TEXT_WORDS} words
   */
  public record Result(
      List<String> labels,
      int texts,
      int heldOutTexts,
      double epochs,
      int steps,
      double loss,
      double accuracy,
      double shortTextAccuracy,
      Duration elapsed) {}

  private final List<LabelledText> texts;
  private final List<LabelledText> heldOut;
  private final Settings settings;
  private final Origin origin;
  private final Path output;
  private final Clock clock;
  private final Consumer<String> log;
  private final Labels labels;
  private final StopRequest stop;
  private double epochs;
  private int steps;
  private double lastLoss;

  /**
   * @param texts what to learn from
   * @param heldOut what to measure on; never trained on
   * @param output the directory to write
   * @param log takes a line of progress now and then
   */
  public ClassifierTraining(
      List<LabelledText> texts,
      List<LabelledText> heldOut,
      Settings settings,
      Origin origin,
      Path output,
      Clock clock,
      Consumer<String> log) {
    this.texts = List.copyOf(texts);
    this.heldOut = List.copyOf(heldOut);
    this.settings = settings;
    this.origin = origin;
    this.output = output;
    this.clock = clock;
    this.log = log;
    this.stop = new StopRequest(output);
    this.labels = new Labels(texts.stream().map(LabelledText::label).distinct().sorted().toList());
    if (labels.size() < 2) {
      throw new IllegalArgumentException(
          "labels of the data: " + labels.names() + " (expected: two or more)");
    }
    for (var text : heldOut) {
      if (!labels.names().contains(text.label())) {
        throw new IllegalArgumentException(
            "held-out label: %s (expected: one of %s)".formatted(text.label(), someLabels()));
      }
    }
  }

  private String someLabels() {
    var names = labels.names();
    return names.size() <= QUOTED_LABELS
        ? names.toString()
        : "the %,d of the data, such as %s"
            .formatted(names.size(), names.subList(0, QUOTED_LABELS));
  }

  /** Ends {@link #run} after the current step, from any thread. */
  public void stop() {
    stop.make();
  }

  /**
   * Trains, saves, opens what was saved, measures it, and writes the card.
   *
   * @throws TrainingStoppedException behind {@link #stop}; an encoder is kept as it was after its
   *     last whole epoch
   */
  public Result run() {
    var start = clock.instant();
    try {
      Files.createDirectories(output);
    } catch (IOException e) {
      throw new UncheckedIOException("creating " + output, e);
    }
    switch (settings.architecture()) {
      case ENCODER -> trainEncoder();
      case NGRAM -> trainNgrams();
    }
    var elapsed = Duration.between(start, clock.instant());
    try (var classifier = SequenceClassifier.open(output)) {
      var result =
          new Result(
              labels.names(),
              texts.size(),
              heldOut.size(),
              epochs,
              steps,
              lastLoss,
              accuracy(classifier, heldOut),
              accuracy(classifier, heldOut.stream().map(ClassifierTraining::shortened).toList()),
              elapsed);
      ClassifierCard.write(output, settings, origin, result);
      return result;
    }
  }

  private void trainEncoder() {
    var vocabulary = output.resolve(Tokenizer.FILE);
    new BpeTrainer(settings.encoder().vocabularySize(), true, EncoderClassifier.SPECIAL_TOKENS)
        .train(texts.stream().map(LabelledText::text), vocabulary);
    var tokenizer = Tokenizer.open(output);
    log.accept("vocabulary tokens=" + tokenizer.size());
    var samples =
        texts.parallelStream()
            .map(
                text ->
                    new EncoderTrainer.Sample(
                        tokenizer.encode(text.text()), labels.names().indexOf(text.label())))
            .toList();
    var sizes = settings.encoder().withVocabulary(tokenizer.size());
    var recipe = EncoderRecipe.DEFAULT;
    try (var classifier =
            EncoderClassifier.initialise(sizes, labels.names(), tokenizer, settings.seed());
        var trainer = new EncoderTrainer(classifier, recipe, settings.seed() + 1)) {
      var schedule =
          new TrainingSchedule(
              settings.epochs(), settings.limit(), samples.size(), recipe.batchSize(), clock);
      var random = new SplittableRandom(settings.seed() + 2);
      var quick = quickCheck(heldOut);
      while (!schedule.finished()) {
        for (var batch : schedule.batches(samples, random)) {
          if (schedule.finished()) {
            break;
          }
          stop.check();
          double rate = recipe.rateAt(schedule.progress());
          schedule.stepDone(trainer.step(batch, rate));
          schedule.report(rate).ifPresent(progress -> log.accept(progress.toString()));
        }
        classifier.save(output);
        stop.kept("the model of epoch %d, not measured".formatted(schedule.epochsStarted()));
        log.accept(
            String.format(
                Locale.ROOT,
                "epoch=%d held-out-accuracy=%.4f (of %d texts)",
                schedule.epochsStarted(),
                accuracy(classifier, quick),
                quick.size()));
      }
      epochs = schedule.epochs();
      steps = schedule.steps();
      lastLoss = schedule.recentLoss();
    }
  }

  private void trainNgrams() {
    var samples =
        texts.parallelStream()
            .map(
                text ->
                    new NgramTrainer.Sample(
                        NgramFeatures.of(text.text(), NGRAM_BINS),
                        labels.names().indexOf(text.label())))
            .toList();
    var trainer = new NgramTrainer(labels, NGRAM_BINS, samples, settings.seed());
    for (int epoch = 1; epoch <= settings.epochs(); epoch++) {
      stop.check();
      lastLoss = trainer.epoch(samples);
      epochs = epoch;
      steps += samples.size();
      log.accept(String.format(Locale.ROOT, "epoch=%d loss=%.4f", epoch, lastLoss));
    }
    trainer.classifier().save(output);
    stop.kept("the trained model, not measured");
  }

  /** The share of {@code texts} whose most probable label is their own. */
  private double accuracy(SequenceClassifier classifier, List<LabelledText> texts) {
    // Texts of one length beside each other: little padding.
    var byLength =
        texts.stream().sorted(Comparator.comparingInt(text -> text.text().length())).toList();
    long right =
        IntStream.rangeClosed(0, (byLength.size() - 1) / EVALUATION_BATCH)
            .mapToLong(
                i ->
                    right(
                        classifier,
                        byLength.subList(
                            i * EVALUATION_BATCH,
                            Math.min(byLength.size(), (i + 1) * EVALUATION_BATCH))))
            .sum();
    return (double) right / texts.size();
  }

  private long right(SequenceClassifier classifier, List<LabelledText> batch) {
    stop.check();
    var probabilities = classifier.probabilities(batch.stream().map(LabelledText::text).toList());
    return IntStream.range(0, batch.size())
        .filter(
            i ->
                mostProbable(probabilities[i]) == classifier.labels().indexOf(batch.get(i).label()))
        .count();
  }

  private static int mostProbable(float[] probabilities) {
    int best = 0;
    for (int i = 1; i < probabilities.length; i++) {
      if (probabilities[i] > probabilities[best]) {
        best = i;
      }
    }
    return best;
  }

  /** Texts from all over the list: files are often sorted by label. */
  static List<LabelledText> quickCheck(List<LabelledText> texts) {
    return TextCorpus.spread(texts, QUICK_CHECK_TEXTS);
  }

  private static LabelledText shortened(LabelledText text) {
    var words = text.text().split(" ");
    return new LabelledText(
        Arrays.stream(words).limit(SHORT_TEXT_WORDS).collect(Collectors.joining(" ")),
        text.label());
  }
}
