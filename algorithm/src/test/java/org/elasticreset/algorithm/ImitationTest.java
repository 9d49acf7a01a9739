package org.elasticreset.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;

class ImitationTest {
  private final Imitation imitation = new Imitation();

  @Example
  void everyTokenCountsInFullWhateverItsReward() {
    List<Advantages> advantages =
        imitation.of(
            List.of(
                new RewardedResponse(new float[] {0, -5}, new float[2]),
                new RewardedResponse(new float[] {9}, new float[1])));

    assertThat(advantages.get(0).advantages()).containsExactly(1, 1);
    assertThat(advantages.get(1).advantages()).containsExactly(1);
  }

  @Example
  void thePolicyGradientOfItIsCrossEntropy() {
    double[] logProbs = {-0.5, -2, -1.25};
    float[] advantages =
        imitation.of(List.of(new RewardedResponse(new float[3], new float[3]))).get(0).advantages();
    List<PpoToken> tokens = new ArrayList<>();
    for (int t = 0; t < logProbs.length; t++) {
      tokens.add(token(logProbs[t], advantages[t]));
    }

    LossTerm loss = PolicyGradientLoss.of(tokens);

    assertThat(loss.loss()).isCloseTo((0.5 + 2 + 1.25) / 3, within(1e-12));
    assertThat(loss.logProbGradient()).containsExactly(new double[] {-1 / 3.0, -1 / 3.0, -1 / 3.0});
  }

  private static PpoToken token(double logProb, double advantage) {
    return new PpoToken(logProb, logProb, advantage, 0, 0, 0, 0);
  }
}
