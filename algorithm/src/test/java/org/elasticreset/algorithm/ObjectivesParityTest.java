package org.elasticreset.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import net.jqwik.api.Example;

/**
 * Advantages and losses are those of TRL's formulas, which {@code src/test/fixtures/objectives.py}
 * computed in Python.
 */
class ObjectivesParityTest {
  private static final Path EXPECTED =
      Path.of("src", "test", "resources", "objectives", "expected.txt");

  /** Advantages are kept in single precision. */
  private static final double SINGLE = 1e-6;

  private final Map<String, List<double[]>> expected = read();
  private final int samplesPerPrompt = (int) number("samples_per_prompt");

  @Example
  void advantagesOfLeaveOneOut() {
    assertAdvantages("rloo", new LeaveOneOut(samplesPerPrompt).of(responses("kl_in_reward")));
  }

  @Example
  void advantagesRelativeToTheGroup() {
    assertAdvantages("grpo", new GroupRelative(samplesPerPrompt).of(responses("kl_in_reward")));
  }

  @Example
  void advantagesOverTheMovingBaselineOfStepsOfOnePromptEach() {
    List<RewardedResponse> responses = responses("kl_in_reward");
    AdvantageEstimator estimator = new MovingBaseline(number("decay"), OptionalDouble.empty());
    List<Advantages> found = new ArrayList<>();
    for (int first = 0; first < responses.size(); first += samplesPerPrompt) {
      List<RewardedResponse> step = responses.subList(first, first + samplesPerPrompt);
      found.addAll(estimator.of(step));
      estimator = estimator.next(step);
    }

    assertAdvantages("moving_baseline", found);
  }

  @Example
  void lossAndGradientOfRloo() {
    LossTerm found = PolicyGradientLoss.of(tokens("rloo"));

    assertThat(found.loss()).isCloseTo(number("rloo_loss"), within(1e-12));
    assertThat(found.logProbGradient()).containsExactly(flat("rloo_gradient"), within(1e-12));
  }

  @Example
  void lossAndGradientOfGrpoWithItsPenalty() {
    List<Advantages> advantages =
        new GroupRelative(samplesPerPrompt)
            .of(rows("score").stream().map(score -> Responses.earning(score[0])).toList());
    PpoLoss.Result surrogate =
        new PpoLoss(number("clip"), 1, 0, 0)
            .of(tokens(advantages.stream().mapToDouble(a -> a.advantages()[0]).toArray()));
    LossTerm kl = KlLoss.of(flat("log_probs"), flat("reference_log_probs"));
    double beta = number("kl_in_loss");
    double[] gradient = surrogate.logProbGradient().clone();
    Arrays.setAll(gradient, i -> gradient[i] + beta * kl.logProbGradient()[i]);

    assertThat(surrogate.loss() + beta * kl.loss()).isCloseTo(number("grpo_loss"), within(SINGLE));
    assertThat(gradient).containsExactly(flat("grpo_gradient"), within(SINGLE));
    assertThat(surrogate.clipFraction()).isBetween(0.1, 0.9);
  }

  private void assertAdvantages(String name, List<Advantages> found) {
    assertThat(found).hasSameSizeAs(rows(name));
    for (int i = 0; i < found.size(); i++) {
      for (float advantage : found.get(i).advantages()) {
        assertThat((double) advantage).isCloseTo(rows(name).get(i)[0], within(SINGLE));
      }
    }
  }

  /** With the penalty of that name in the rewards. */
  private List<RewardedResponse> responses(String penalty) {
    List<RewardedResponse> responses = new ArrayList<>();
    for (int i = 0; i < rows("score").size(); i++) {
      float[] logProbs = floats(rows("old_log_probs").get(i));
      float[] rewards =
          TokenRewards.of(
              rows("score").get(i)[0],
              logProbs,
              floats(rows("reference_log_probs").get(i)),
              KlEstimator.K1,
              number(penalty));
      responses.add(new RewardedResponse(rewards, new float[rewards.length]));
    }
    return responses;
  }

  private List<PpoToken> tokens(String advantages) {
    return tokens(rows(advantages).stream().mapToDouble(row -> row[0]).toArray());
  }

  /** Every token with the advantage of its response. */
  private List<PpoToken> tokens(double[] advantages) {
    List<PpoToken> tokens = new ArrayList<>();
    for (int i = 0; i < advantages.length; i++) {
      for (int t = 0; t < rows("log_probs").get(i).length; t++) {
        tokens.add(
            new PpoToken(
                rows("log_probs").get(i)[t],
                rows("old_log_probs").get(i)[t],
                advantages[i],
                0,
                0,
                0,
                0));
      }
    }
    return tokens;
  }

  private List<double[]> rows(String name) {
    return expected.getOrDefault(name, List.of());
  }

  private double number(String name) {
    return rows(name).get(0)[0];
  }

  private double[] flat(String name) {
    return rows(name).stream().flatMapToDouble(Arrays::stream).toArray();
  }

  private static float[] floats(double[] numbers) {
    float[] floats = new float[numbers.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) numbers[i];
    }
    return floats;
  }

  private static Map<String, List<double[]>> read() {
    try {
      return Files.readAllLines(EXPECTED).stream()
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
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
