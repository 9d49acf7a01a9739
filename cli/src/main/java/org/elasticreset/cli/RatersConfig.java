package org.elasticreset.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * People as a source of rewards. Names of people on this machine get a key each, and whoever else
 * may produce to the run's topics can rate as well.
 *
 * @param names of raters; {@code name:operator} may see all raters' records
 * @param weightBesideModels of what people say, less ½, beside the models' reward; absent: in their
 *     place
 * @param goldShare of what a rater is shown whose answer is known
 * @param learn a reward model that is trained on what they prefer; absent: there is none
 */
record RatersConfig(
    boolean enabled,
    List<String> names,
    Question question,
    double scaleWorst,
    double scaleBest,
    @Expected("0 <= share <= 1") double share,
    @Expected("0 <= uncertainty <= 0.5") double uncertainty,
    @Nullable @Expected("disagreement > 0") Double disagreement,
    @Nullable @Expected("judge-gap > 0") Double judgeGap,
    @Expected("overlap >= 1") int overlap,
    Duration deadline,
    Duration absentDeadline,
    Duration absentAfter,
    Fallback fallback,
    Aggregation aggregation,
    @Nullable @Expected("weight-beside-models > 0") Double weightBesideModels,
    @Expected("most-open >= 1") int mostOpen,
    @Nullable @Expected("a text file") Path guideline,
    @Nullable @Expected("a file of JSON lines") Path gold,
    @Expected("0 <= gold-share <= 1") double goldShare,
    @Expected("ratings-per-minute >= 1") int ratingsPerMinute,
    @Nullable @Expected("0 <= grpc-port <= 65535") Integer grpcPort,
    @Expected("0 < muting-accuracy < 1") double mutingAccuracy,
    @Expected("0 < muting-confidence < 1") double mutingConfidence,
    @Nullable LearnConfig learn) {

  /**
   * A reward model that learns while the run goes on; its score is that of scorers of type learned.
   *
   * @param model what every training begins as: a reward model of one label, or a decoder
   */
  record LearnConfig(
      @Expected("a model directory, or a name of the Hub") Path model,
      @Expected("every-pairs >= 1") @WhenAbsent("100") int everyPairs,
      @Expected("least-pairs >= 2") @WhenAbsent("100") int leastPairs,
      @WhenAbsent("5m") Duration atMostEvery,
      @Expected("0 < held-out < 1") @WhenAbsent("0.2") double heldOut,
      @Expected("epochs >= 1") @WhenAbsent("2") int epochs,
      @Expected("0 < learning-rate < 1") @WhenAbsent("1.0e-4") double learningRate) {}

  /** What people are asked about the responses to one prompt. */
  enum Question {
    ORDER,
    SCALE,
    THUMBS
  }

  /** What stands in where people do not answer in time. */
  enum Fallback {
    MODEL_SCORE,
    ANSWERS_SO_FAR,
    READMIT,
    WAIT
  }

  /** How several answers become one. */
  enum Aggregation {
    WEIGHTED,
    MAJORITY
  }
}
