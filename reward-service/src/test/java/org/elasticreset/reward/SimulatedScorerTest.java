package org.elasticreset.reward;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.elasticreset.model.simulated.Distribution;
import org.junit.jupiter.api.Test;

class SimulatedScorerTest {

  @Test
  void sameResponseScoresTheSameAndTheBatchTakesItsTime() {
    var scorer = new SimulatedScorer(Distribution.ofDurations("key", "30ms"));
    List<ScorableText> texts =
        List.of(
            new ScorableText("a", "one", 1, Map.of()),
            new ScorableText("b", "two", 1, Map.of()),
            new ScorableText("c", "one", 1, Map.of()));

    long began = System.nanoTime();
    double[] scores = scorer.score(texts);

    assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(30_000_000);
    assertThat(scores[0]).isEqualTo(scores[2]).isNotEqualTo(scores[1]).isBetween(0.0, 1.0);
    assertThat(scorer.score(texts)).isEqualTo(scores);
  }
}
