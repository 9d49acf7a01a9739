package org.elasticreset.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.elasticreset.model.text.DataSplit;
import org.elasticreset.model.text.PreferencePair;
import org.elasticreset.model.text.PromptTemplate;
import org.jspecify.annotations.Nullable;

/**
 * Trains a reward model on preferences and writes it as a model directory of one label, measured
 * and with a card.
 *
 * <p>A text is prompt and answer in the template's form, as a run's rollout is read. Scores are
 * standardised: over the answers that were trained on their mean is 0 and their standard deviation
 * 1. The same data, settings and seed give the same weights on the same machine, unless a time
 * limit ends the training.
 */
public final class PreferenceTraining {

  /** The one label. */
  public static final String LABEL = "REWARD";

  /** Of AdamW, which small batches of pairs need no other for. */
  private static final double BETA_1 = 0.9;

  private static final double BETA_2 = 0.999;
  private static final double EPSILON = 1e-8;
  private static final double MAX_GRADIENT_NORM = 1;

  /** Share of the steps in which the learning rate rises. */
  private static final double WARM_UP = 0.1;

  /**
   * How to train.
   *
   * @param model a decoder's or a reward model's directory to start from; none for a new encoder
   * @param encoder sizes of a new encoder; its vocabulary is learned, at most this large
   * @param epochs passes over the pairs
   * @param limit ends the training earlier; the result is then no longer reproducible
   * @param batchSize pairs of an optimizer step
   * @param microBatchSize pairs of one pass, which bounds memory
   * @param dropout of an encoder; decoders have none
   */
  public record Settings(
      PromptTemplate template,
      @Nullable Path model,
      EncoderConfig encoder,
      int epochs,
      @Nullable Duration limit,
      int batchSize,
      int microBatchSize,
      double learningRate,
      double weightDecay,
      double dropout,
      long seed) {

    public Settings {
      require(epochs >= 1, "epochs", epochs, "at least 1");
      require(limit == null || limit.toMillis() > 0, "minutes", limit, "more than none");
      require(batchSize >= 1, "batch size", batchSize, "at least 1 pair");
      require(microBatchSize >= 1, "micro-batch size", microBatchSize, "at least 1 pair");
      require(learningRate > 0, "learning rate", learningRate, "above 0");
      require(dropout >= 0 && dropout < 1, "dropout", dropout, "0 <= dropout < 1");
    }

    private static void require(
        boolean holds, String name, @Nullable Object value, String expected) {
      if (!holds) {
        throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
      }
    }
  }

  /**
   * What came out.
   *
   * @param heldOut figures of the model as saved
   * @param training the same over the pairs that it was trained on
   * @param loss mean loss of the last report
   * @param cutTexts texts, trained on or held out, that were longer than the model reads
   * @param mean of the scores of the training answers, 0 unless the model's head cannot be moved
   */
  public record Result(
      PreferenceFigures heldOut,
      PreferenceFigures training,
      double epochs,
      int steps,
      double loss,
      int cutTexts,
      double mean,
      Duration elapsed) {}

  private final DataSplit<PreferencePair> data;
  private final Settings settings;
  private final ClassifierTraining.Origin origin;
  private final Path output;
  private final Clock clock;
  private final Consumer<String> log;
  private final SplittableRandom random;
  private final StopRequest stop;
  private final PairReading reading;

  /**
   * @param output the directory to write
   * @param log takes a line of progress now and then
   */
  public PreferenceTraining(
      DataSplit<PreferencePair> data,
      Settings settings,
      ClassifierTraining.Origin origin,
      Path output,
      Clock clock,
      Consumer<String> log) {
    this.data = data;
    this.settings = settings;
    this.origin = origin;
    this.output = output;
    this.clock = clock;
    this.log = log;
    this.random = new SplittableRandom(settings.seed());
    this.stop = new StopRequest(output);
    this.reading = new PairReading(settings.template(), stop::check);
  }

  /** Ends {@link #run} after the current step, from any thread. */
  public void stop() {
    stop.make();
  }

  /**
   * Trains, saves, opens what was saved, measures it, and writes the card.
   *
   * @throws TrainingStoppedException behind {@link #stop}; nothing is kept of a model whose scores
   *     are not standardised yet
   */
  public Result run() {
    var start = clock.instant();
    try {
      Files.createDirectories(output);
    } catch (IOException e) {
      throw new UncheckedIOException("creating " + output, e);
    }
    TrainingSchedule schedule;
    int cut;
    boolean moved;
    try (var model = RewardModels.begin(settings, reading.texts(data.training()), output)) {
      var pairs = data.training().stream().map(pair -> pair(model, pair)).toList();
      cut = cut(model);
      schedule =
          new TrainingSchedule(
              settings.epochs(), settings.limit(), pairs.size(), settings.batchSize(), clock);
      train(model, pairs, schedule);
      moved = standardise(model);
      model.save(output);
      stop.kept("the trained model, not measured");
    }
    try (var model = SequenceClassifier.open(output)) {
      var result =
          new Result(
              reading.figures(model, data.heldOut()),
              reading.figures(model, data.training()),
              schedule.epochs(),
              schedule.steps(),
              schedule.recentLoss(),
              cut,
              moved ? 0 : Moments.of(reading.scores(model, answers())).mean(),
              Duration.between(start, clock.instant()));
      PreferenceCard.write(output, settings, data, origin, result);
      return result;
    }
  }

  private void train(PairReward model, List<PairTrainer.Pair> pairs, TrainingSchedule schedule) {
    var optimizer =
        new OptimizerSettings(BETA_1, BETA_2, EPSILON, settings.weightDecay(), MAX_GRADIENT_NORM);
    try (var trainer = new PairTrainer(model, optimizer, settings.dropout(), random.nextLong())) {
      while (!schedule.finished()) {
        for (var batch : schedule.batches(pairs, random)) {
          if (schedule.finished()) {
            break;
          }
          stop.check();
          double rate = rate(schedule.progress());
          schedule.stepDone(trainer.step(batch, rate, settings.microBatchSize()));
          schedule.report(rate).ifPresent(progress -> log.accept(progress.toString()));
        }
        var heldOut = reading.figures(model, data.heldOut());
        log.accept(
            String.format(
                Locale.ROOT,
                "epoch=%d held-out-loss=%.4f held-out-accuracy=%.4f",
                schedule.epochsStarted(),
                heldOut.loss(),
                heldOut.accuracy().share()));
      }
    }
  }

  private double rate(double progress) {
    double rise = Math.min(1, (progress + 1e-3) / WARM_UP);
    double fallen = Math.max(0, (progress - WARM_UP) / (1 - WARM_UP));
    return settings.learningRate() * rise * (1 + Math.cos(Math.PI * fallen)) / 2;
  }

  private boolean standardise(PairReward model) {
    var moments = Moments.of(reading.scores(model, answers()));
    if (!(moments.deviation() > 0)) {
      throw new IllegalStateException(
          "all answers have the score %s: nothing was learned (try a lower learning rate)"
              .formatted(moments.mean()));
    }
    log.accept(
        String.format(
            Locale.ROOT,
            "scores before they are standardised: mean=%.4f sd=%.4f",
            moments.mean(),
            moments.deviation()));
    return model.standardise(moments.mean(), moments.deviation());
  }

  /** Mean and standard deviation. */
  record Moments(double mean, double deviation) {
    static Moments of(float[] values) {
      double sum = 0;
      double squares = 0;
      for (float value : values) {
        sum += value;
      }
      double mean = sum / values.length;
      for (float value : values) {
        squares += (value - mean) * (value - mean);
      }
      return new Moments(mean, Math.sqrt(squares / Math.max(1, values.length - 1)));
    }
  }

  /** Different texts that were trained on. */
  private List<String> answers() {
    return new ArrayList<>(new LinkedHashSet<>(reading.texts(data.training()).toList()));
  }

  private int cut(PairReward model) {
    var all =
        new LinkedHashSet<>(
            Stream.concat(reading.texts(data.training()), reading.texts(data.heldOut())).toList());
    return (int) all.stream().filter(text -> model.input(text).cut()).count();
  }

  private PairTrainer.Pair pair(PairReward model, PreferencePair pair) {
    return new PairTrainer.Pair(
        model.input(reading.text(pair.prompt(), pair.chosen())).tokens(),
        model.input(reading.text(pair.prompt(), pair.rejected())).tokens());
  }
}
