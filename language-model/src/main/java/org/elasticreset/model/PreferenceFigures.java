package org.elasticreset.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.elasticreset.model.text.PreferencePair;
import org.elasticreset.model.text.PromptTemplate;

/**
 * How well scores tell better answers from worse ones, and how much of that their lengths say.
 *
 * <p>Pairs of one prompt are not independent; intervals are of {@link ClusteredShare}, clustered by
 * prompt. Where both scores, or both lengths, are the same, a pair counts as half right.
 *
 * @param accuracy share of the pairs whose better answer has the higher score
 * @param length the same of the rule that the longer answer, in characters, is better
 * @param gain 95 % interval of the difference of the two over the same pairs
 * @param alike accuracy where the longer answer is at most {@link #ALIKE} times as long
 * @param longerBetter accuracy where the longer answer is the better one
 * @param shorterBetter accuracy where the shorter answer is the better one
 * @param preferringLonger share of the pairs whose longer answer has the higher score
 * @param loss mean of −log σ(score of the better − score of the worse)
 */
public record PreferenceFigures(
    ClusteredShare accuracy,
    ClusteredShare length,
    ClusteredShare.Interval gain,
    Optional<ClusteredShare> alike,
    Optional<ClusteredShare> longerBetter,
    Optional<ClusteredShare> shorterBetter,
    double preferringLonger,
    double loss) {

  /** Lengths count as alike up to this ratio. */
  public static final double ALIKE = 1.25;

  /** Of a reward model, which reads prompts in this form. */
  public static PreferenceFigures of(
      SequenceClassifier model, PromptTemplate template, List<PreferencePair> pairs) {
    return new PairReading(template, () -> {}).figures(model, pairs);
  }

  /**
   * @param chosen scores of the better answers
   * @param rejected scores of the worse ones
   */
  public static PreferenceFigures of(List<PreferencePair> pairs, float[] chosen, float[] rejected) {
    var prompts = pairs.stream().map(PreferencePair::prompt).toList();
    var right = new double[chosen.length];
    var longer = new double[chosen.length];
    double agreeing = 0;
    double loss = 0;
    for (int i = 0; i < right.length; i++) {
      right[i] = 0.5 + 0.5 * Math.signum(chosen[i] - rejected[i]);
      longer[i] = pairs.get(i).longerWins();
      agreeing += longer[i] == 0.5 ? 0.5 : 1 - Math.abs(right[i] - longer[i]);
      loss += softplus(rejected[i] - chosen[i]);
    }
    return new PreferenceFigures(
        ClusteredShare.of(right, prompts),
        ClusteredShare.of(longer, prompts),
        ClusteredShare.difference(right, longer, prompts),
        where(i -> pairs.get(i).alikeInLength(ALIKE), right, prompts),
        where(i -> longer[i] == 1, right, prompts),
        where(i -> longer[i] == 0, right, prompts),
        agreeing / right.length,
        loss / right.length);
  }

  private static Optional<ClusteredShare> where(
      IntPredicate holds, double[] right, List<String> prompts) {
    var places = new ArrayList<Integer>();
    IntStream.range(0, right.length).filter(holds).forEach(places::add);
    return places.isEmpty()
        ? Optional.empty()
        : Optional.of(ClusteredShare.at(places, right, prompts));
  }

  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  /** Whether the scores say more than lengths do, in a sentence. */
  public String verdict() {
    var comparison =
        String.format(
            Locale.ROOT,
            "%+.1f points over the rule that the longer answer is better (95 %% interval %+.1f to %+.1f)",
            100 * (accuracy.share() - length.share()),
            100 * gain.low(),
            100 * gain.high());
    if (gain.low() > 0) {
      return "It tells better answers from worse ones better than their lengths do: "
          + comparison
          + ".";
    }
    if (gain.high() < 0) {
      return "It is worse than lengths alone: " + comparison + ".";
    }
    return "It is not shown to say more than the lengths of answers do: " + comparison + ".";
  }
}
