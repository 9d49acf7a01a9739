package org.elasticreset.reward.learned;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import org.elasticreset.model.ClassifierTraining.Origin;
import org.elasticreset.model.EncoderConfig;
import org.elasticreset.model.PreferenceFigures;
import org.elasticreset.model.PreferenceTraining;
import org.elasticreset.model.RewardModels;
import org.elasticreset.model.SequenceClassifier;
import org.elasticreset.model.text.DataSplit;
import org.elasticreset.model.text.PreferencePair;
import org.elasticreset.model.text.PromptTemplate;
import org.jboss.logging.Logger;

/**
 * Trainings as {@code train-reward --pairs} does them. Each begins as the base and takes all pairs:
 * what a version is depends on what people prefer, and not on when it was trained before.
 */
record PairTrainings(String runId, Path base, LearnSettings settings) implements Trainings {

  private static final Logger LOG = Logger.getLogger(PairTrainings.class);

  /** Of a new encoder, which none of these begins as. */
  private static final EncoderConfig NO_ENCODER = new EncoderConfig(8000, 512, 128, 2, 4, 512);

  private static final double WEIGHT_DECAY = 0.05;
  private static final double DROPOUT = 0.1;

  /** Of a model that knows nothing. */
  private static final double GUESSING = 0.5;

  @Override
  public Training of(DataSplit<PreferencePair> data, Optional<Path> before, Path output) {
    var training =
        new PreferenceTraining(
            data,
            new PreferenceTraining.Settings(
                PromptTemplate.NONE,
                base,
                NO_ENCODER,
                settings.epochs(),
                null,
                settings.batchSize(),
                settings.microBatchSize(),
                settings.learningRate(),
                WEIGHT_DECAY,
                DROPOUT,
                settings.seed()),
            new Origin(
                "What people preferred in the run %s: its topic `preferences`.".formatted(runId),
                "(trained by the reward-service of the run, reward.raters.learn)"),
            output,
            Clock.systemUTC(),
            line -> LOG.debugf("reward model in training %s", line));
    return new Training() {
      @Override
      public Trained run() {
        var figures = training.run().heldOut();
        return new Trained(figures.accuracy(), before(data, before));
      }

      @Override
      public void stop() {
        training.stop();
      }
    };
  }

  private double before(DataSplit<PreferencePair> data, Optional<Path> before) {
    var scoring = before.map(SequenceClassifier::open).or(() -> RewardModels.open(base));
    if (scoring.isEmpty()) {
      return GUESSING;
    }
    try (var model = scoring.get()) {
      return PreferenceFigures.of(model, PromptTemplate.NONE, data.heldOut()).accuracy().share();
    }
  }
}
