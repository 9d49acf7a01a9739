package org.elasticreset.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import net.jqwik.api.Example;
import org.elasticreset.algorithm.ResetDecision.ResetToAverage;
import org.elasticreset.algorithm.ResetTrigger.EveryNUpdates;

/**
 * 500 updates of the average and 20 resets are those of a simulation in Python that was written
 * from the paper alone, {@code src/test/fixtures/elastic_reset.py}, with the same noisy gradients.
 */
class ElasticResetParityTest {
  private static final Path FILES = Path.of("src", "test", "resources", "elastic-reset");

  @Example
  void averagedOnceATrainingStep() throws IOException {
    assertThatRunIsThatOf("training-step");
  }

  @Example
  void averagedOnceAnEpoch() throws IOException {
    assertThatRunIsThatOf("ppo-epoch");
  }

  @Example
  void averagedOnceAnOptimizerStep() throws IOException {
    assertThatRunIsThatOf("optimizer-step");
  }

  private static void assertThatRunIsThatOf(String cadence) throws IOException {
    Map<String, List<double[]>> expected = read(FILES.resolve(cadence + ".txt"));
    List<double[]> ticks = train(cadence, expected);

    assertThat(ticks).hasSize(500).hasSameSizeAs(expected.get("tick"));
    assertThat(ticks.get(499)[9]).as("resets").isEqualTo(20);
    for (int n = 0; n < ticks.size(); n++) {
      assertThat(ticks.get(n))
          .as("update %d", n + 1)
          .containsExactly(expected.get("tick").get(n), within(1e-6));
    }
  }

  /** Step, policy [4], average [4], resets and published version behind each update. */
  private static List<double[]> train(String cadence, Map<String, List<double[]>> settings) {
    double[] goal = settings.get("goal").get(0);
    double[] curvature = settings.get("curvature").get(0);
    double rate = number(settings, "rate");
    int minibatches = (int) number(settings, "minibatches");
    int gradientSteps = (int) number(settings, "epochs") * minibatches;
    ExponentialAverage exponential = new ExponentialAverage(number(settings, "decay"));
    ElasticReset elasticReset =
        new ElasticReset(new EveryNUpdates((int) number(settings, "reset-every")));
    ElasticReset.State state = ElasticReset.State.initial();
    float[] initial = floats(settings.get("initial").get(0));
    float[] policy = initial.clone();
    float[] average = initial.clone();
    List<double[]> ticks = new ArrayList<>();
    int taken = 0;
    for (double[] noise : settings.get("noise")) {
      for (int i = 0; i < policy.length; i++) {
        double gradient = curvature[i] * (policy[i] - goal[i]) + noise[i];
        policy[i] = (float) (policy[i] - rate * gradient);
      }
      taken++;
      int step = (taken - 1) / gradientSteps + 1;
      boolean stepEnds = taken % gradientSteps == 0;
      boolean due =
          switch (cadence) {
            case "training-step" -> stepEnds;
            case "ppo-epoch" -> taken % minibatches == 0;
            default -> true;
          };
      if (!due) {
        continue;
      }
      exponential.update(average, policy);
      var transition =
          elasticReset.decide(state, new UpdateObserved(step, stepEnds, OptionalDouble.empty()));
      state = transition.next();
      if (transition.decision() instanceof ResetToAverage) {
        policy = average;
        average = initial.clone();
      }
      long version = stepEnds ? 1 + step : 0;
      ticks.add(tick(step, policy, average, state.resetEpoch(), version));
    }
    return ticks;
  }

  private static double[] tick(
      int step, float[] policy, float[] average, long resets, long version) {
    double[] tick = new double[11];
    tick[0] = step;
    for (int i = 0; i < 4; i++) {
      tick[1 + i] = policy[i];
      tick[5 + i] = average[i];
    }
    tick[9] = resets;
    tick[10] = version;
    return tick;
  }

  /** The rows of numbers behind each name. */
  private static Map<String, List<double[]>> read(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .map(line -> line.split(" "))
        .collect(
            Collectors.groupingBy(
                words -> words[0],
                Collectors.mapping(
                    words ->
                        Arrays.stream(words, 1, words.length)
                            .mapToDouble(Double::parseDouble)
                            .toArray(),
                    Collectors.toList())));
  }

  private static double number(Map<String, List<double[]>> settings, String name) {
    return settings.get(name).get(0)[0];
  }

  private static float[] floats(double[] values) {
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }
}
