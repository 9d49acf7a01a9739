package org.elasticreset.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.elasticreset.algorithm.Bleu;
import org.elasticreset.algorithm.PolicyStamp;
import org.elasticreset.algorithm.Rollout;
import org.elasticreset.proto.v1.EvaluationMetrics;
import org.elasticreset.proto.v1.Purpose;
import org.elasticreset.proto.v1.RewardFrom;
import org.junit.jupiter.api.Test;

class TranslationScoresTest {

  private static final Map<String, String> REFERENCES =
      Map.of("en", "The tree is very tall.", "de", "Der Baum ist sehr hoch.");

  private final TranslationScores scores =
      new TranslationScores(Optional.of("de"), Optional.of("en"));

  @Test
  void continuationsMeetTheTaskAndResponsesTheDrift() {
    var metrics =
        measured(
            scores,
            rollout("The tree is tall.", Optional.of("Der Baum ist sehr hoch.")),
            rollout("The tree is very tall.", Optional.of("Der Ast ist sehr hoch.")));

    assertThat(metrics.getBleuDrift())
        .isEqualTo(
            Bleu.of(
                    List.of("The tree is tall.", "The tree is very tall."),
                    List.of(REFERENCES.get("en"), REFERENCES.get("en")))
                .score());
    assertThat(metrics.getBleuTask())
        .isEqualTo(
            Bleu.of(
                    List.of("Der Baum ist sehr hoch.", "Der Ast ist sehr hoch."),
                    List.of(REFERENCES.get("de"), REFERENCES.get("de")))
                .score());
  }

  @Test
  void withoutASecondPlayerThereIsNoTask() {
    var metrics = measured(scores, rollout("The tree is very tall.", Optional.empty()));

    assertThat(metrics.hasBleuTask()).isFalse();
    assertThat(metrics.getBleuDrift()).isCloseTo(100, within(1e-9));
  }

  @Test
  void namesOfNoReferenceMeasureNothing() {
    var metrics =
        measured(
            new TranslationScores(Optional.empty(), Optional.of("it")),
            rollout("The tree is very tall.", Optional.of("Der Baum ist sehr hoch.")));

    assertThat(metrics.hasBleuTask()).isFalse();
    assertThat(metrics.hasBleuDrift()).isFalse();
  }

  private static EvaluationMetrics measured(TranslationScores scores, ReceivedRollout... rollouts) {
    var metrics = EvaluationMetrics.newBuilder();
    scores.addTo(metrics, List.of(rollouts));
    return metrics.build();
  }

  private static ReceivedRollout rollout(String response, Optional<String> continuation) {
    return new ReceivedRollout(
        new ReceivedRollout.Source(0, 0),
        Purpose.EVALUATION,
        1,
        new Rollout(
            "evaluation-1-0/0",
            new int[] {1},
            new int[] {2},
            new float[] {-1},
            0,
            new PolicyStamp(1, 0),
            true),
        RewardFrom.REWARD_FROM_MODEL,
        "L'arbre est très haut.",
        response,
        OptionalDouble.empty(),
        REFERENCES,
        continuation);
  }
}
