package org.elasticreset.rating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RoutingRuleTest {

  private static final RoutingRule ALL =
      new RoutingRule(0.1, 0.05, Optional.of(0.4), Optional.of(0.3));

  private static ModelScores scores(double reward, double judge, Double... scorers) {
    return new ModelScores(reward, List.of(scorers), Optional.of(judge));
  }

  @Test
  void aShareIsAskedWhateverTheModelsSay() {
    assertThat(ALL.reason(0.09, scores(0.99, 0.99))).contains(RoutingReason.SHARE);
    assertThat(ALL.reason(0.1, scores(0.99, 0.99))).isEmpty();
  }

  @Test
  void peopleAreAskedWhereTheModelsAreNotSure() {
    assertThat(ALL.reason(0.5, scores(0.52, 0.52))).contains(RoutingReason.UNCERTAIN);
    assertThat(ALL.reason(0.5, scores(0.7, 0.7, 0.5, 0.95))).contains(RoutingReason.DISAGREEMENT);
    assertThat(ALL.reason(0.5, scores(0.9, 0.55))).contains(RoutingReason.JUDGE_GAP);
  }

  @Test
  void aRuleThatIsNotSetAsksNobody() {
    RoutingRule nobody = new RoutingRule(0, 0, Optional.empty(), Optional.empty());
    assertThat(nobody.reason(0, scores(0.5, 0, 0.0, 1.0))).isEmpty();
  }

  @Test
  void aRuleThatCannotBeIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RoutingRule(1.5, 0, Optional.empty(), Optional.empty()))
        .withMessage("share: 1.5 (expected: 0 <= share <= 1)");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RoutingRule(0, 0, Optional.of(0.0), Optional.empty()))
        .withMessage("disagreement: 0.0 (expected: above 0)");
  }
}
