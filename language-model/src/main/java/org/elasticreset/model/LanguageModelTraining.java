package org.elasticreset.model;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * Trains a language model by next-token prediction, on text (pre-training or fine-tuning) or on
 * responses behind their prompts.
 *
 * <p>The output directory always holds the weights that did best on the held-out text so far, as a
 * complete model directory with its {@link TrainingRecord}. A training that was cut goes on from
 * there, after a new warm-up, since the optimizer's moments are not kept.
 */
public final class LanguageModelTraining {

  /** Told what happens, on the training thread. */
  public interface Listener {
    /** After every optimizer step. */
    void stepped(Progress progress);

    /** After every measurement; {@code kept} says whether the weights went into the directory. */
    void measured(TrainingRecord.Point point, boolean kept);
  }

  /**
   * Where training stands.
   *
   * @param step optimizer steps made
   * @param tokens trained on, repetitions counted
   * @param loss in nats per token, a running mean
   * @param spent share of the budget, 0 to 1
   * @param left estimated wall time to the end
   */
  public record Progress(
      long step,
      long tokens,
      double loss,
      double learningRate,
      double tokensPerSecond,
      double spent,
      Duration left) {}

  /** Share of the newest step in the running mean of the loss. */
  private static final double NEWEST_SHARE = 0.02;

  private final CausalLanguageModel model;
  private final PolicyTrainer trainer;
  private final TrainingExamples examples;
  private final HeldOut heldOut;
  private final LanguageModelTrainingSettings settings;
  private final Path output;
  private final InstantSource clock;
  private final Listener listener;

  private TrainingRecord record;
  private final long firstStep;
  private final long firstTokens;
  private final Duration elapsedBefore;
  private final Instant start;
  private Instant lastKept;
  private long step;
  private long tokens;
  private double loss = Double.NaN;
  private volatile boolean stopped;

  /**
   * @param trainer of {@code model}
   * @param before what {@code model} has been through if it goes on from {@code output}, else empty
   */
  public LanguageModelTraining(
      CausalLanguageModel model,
      PolicyTrainer trainer,
      TrainingExamples examples,
      HeldOut heldOut,
      LanguageModelTrainingSettings settings,
      Path output,
      TrainingRecord before,
      InstantSource clock,
      Listener listener) {
    this.model = model;
    this.trainer = trainer;
    this.examples = examples;
    this.heldOut = heldOut;
    this.settings = settings;
    this.output = output;
    this.clock = clock;
    this.listener = listener;
    this.record = before;
    this.firstStep = before.isEmpty() ? 0 : before.last().step();
    this.firstTokens = before.isEmpty() ? 0 : before.last().tokens();
    this.elapsedBefore = before.isEmpty() ? Duration.ZERO : before.last().elapsed();
    this.step = firstStep;
    this.tokens = firstTokens;
    this.start = clock.instant();
    this.lastKept = start;
  }

  /** Ends training after the current step; what has been learned is measured and kept. */
  public void stop() {
    stopped = true;
  }

  /** Trains until the budget is spent or {@link #stop} is called. */
  public TrainingRecord run() {
    while (!stopped && spent() < 1) {
      step();
      boolean timeToKeep = !clock.instant().isBefore(lastKept.plus(settings.keepEvery()));
      if (step % settings.evaluateEvery() == 0 || timeToKeep) {
        measure();
      }
    }
    if (record.isEmpty() || record.last().step() != step) {
      measure();
    }
    return record;
  }

  private void step() {
    double rate = settings.learningRate().at(step - firstStep, spent());
    var batch = examples.examples(step, settings.batchSize());
    var statistics = trainer.responseStep(batch, rate, settings.microBatchSize());
    if (!Double.isFinite(statistics.loss())) {
      throw new IllegalStateException(
          "the loss is %s at step %d: training has diverged (try a lower learning rate than %s)"
              .formatted(statistics.loss(), step, rate));
    }
    step++;
    tokens += statistics.tokens();
    loss =
        Double.isNaN(loss) ? statistics.loss() : loss + NEWEST_SHARE * (statistics.loss() - loss);
    listener.stepped(progress(rate));
  }

  private Progress progress(double rate) {
    var now = Duration.between(start, clock.instant());
    double seconds = Math.max(1e-9, now.toNanos() / 1e9);
    double spentBefore = settings.budget().spent(firstStep, elapsedBefore);
    double spent = spent();
    double left = seconds * (1 - spent) / Math.max(1e-9, spent - spentBefore);
    return new Progress(
        step,
        tokens,
        loss,
        rate,
        (tokens - firstTokens) / seconds,
        spent,
        Duration.ofSeconds(Math.round(left)));
  }

  private Duration elapsed() {
    return elapsedBefore.plus(Duration.between(start, clock.instant()));
  }

  private double spent() {
    return settings.budget().spent(step, elapsed());
  }

  private void measure() {
    var measured = heldOut.measure(model, settings.microBatchSize());
    double bestSoFar =
        record.isEmpty() ? Double.POSITIVE_INFINITY : record.best().heldOut().natsPerToken();
    var point = new TrainingRecord.Point(step, tokens, elapsed(), loss, measured);
    record = record.with(point);
    boolean better = measured.natsPerToken() < bestSoFar;
    if (better) {
      keep();
    }
    lastKept = clock.instant();
    listener.measured(point, better);
  }

  private void keep() {
    model.save(output, settings.weights());
    record.save(output);
  }
}
