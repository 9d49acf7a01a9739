package org.elasticreset.cli.simulate;

import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * A training step, computed.
 *
 * @param rolloutsPerStep what it yields
 * @param overlapping whether the next step is generated while this one is learnt
 * @param seconds of each stage
 */
public record Prediction(int rolloutsPerStep, boolean overlapping, Map<Stage, Double> seconds) {

  private static final Set<Stage> GENERATING =
      EnumSet.of(Stage.FAN_OUT, Stage.GENERATION, Stage.SCORING, Stage.MESSAGING);
  private static final Set<Stage> TRAINING = EnumSet.of(Stage.LEARNING, Stage.AVERAGING);
  private static final Set<Stage> BROKER = EnumSet.of(Stage.BROKER);

  public Prediction {
    seconds = Map.copyOf(seconds);
  }

  /** From the start of one step to that of the next. */
  public double stepSeconds() {
    return critical(seconds).values().stream().mapToDouble(Double::doubleValue).sum();
  }

  /** At which rollouts are trained on. */
  public double rolloutsPerSecond() {
    return rolloutsPerStep / stepSeconds();
  }

  /** Of a stage. */
  public double seconds(Stage stage) {
    return seconds.getOrDefault(stage, 0.0);
  }

  /** The stage that a step waits for longest. */
  public Stage bottleneck() {
    return longest(seconds);
  }

  /** The one after that, were it free. */
  public Stage nextBottleneck() {
    Map<Stage, Double> without = new EnumMap<>(seconds);
    without.put(bottleneck(), 0.0);
    return longest(without);
  }

  private Stage longest(Map<Stage, Double> of) {
    return critical(of).entrySet().stream()
        .max(Comparator.comparingDouble(Map.Entry::getValue))
        .orElseThrow()
        .getKey();
  }

  /** One behind the other; or the longer of two that overlap; unless the broker is the limit. */
  private Map<Stage, Double> critical(Map<Stage, Double> of) {
    Map<Stage, Double> generating = only(GENERATING, of);
    Map<Stage, Double> training = only(TRAINING, of);
    Map<Stage, Double> step;
    if (overlapping) {
      step = sum(generating) >= sum(training) ? generating : training;
    } else {
      step = new EnumMap<>(generating);
      step.putAll(training);
    }
    Map<Stage, Double> broker = only(BROKER, of);
    return sum(broker) > sum(step) ? broker : step;
  }

  private static Map<Stage, Double> only(Set<Stage> stages, Map<Stage, Double> of) {
    Map<Stage, Double> some = new EnumMap<>(Stage.class);
    stages.forEach(stage -> some.put(stage, of.getOrDefault(stage, 0.0)));
    return some;
  }

  private static double sum(Map<Stage, Double> of) {
    return of.values().stream().mapToDouble(Double::doubleValue).sum();
  }
}
