package org.elasticreset.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.elasticreset.model.TokenSequence;
import org.elasticreset.proto.v1.Purpose;
import org.elasticreset.proto.v1.Rollout;
import org.elasticreset.proto.v1.ScoredRollout;
import org.junit.jupiter.api.Test;

class ReceivedTranslationTest {

  private static final ReceivedRollout.Source SOURCE = new ReceivedRollout.Source(1, 7);

  private final ReceivedTranslation translations =
      new ReceivedTranslation(
          ScoredRolloutCheck.ofAnotherModel("game"),
          "de",
          (read, said) -> new TokenSequence(new int[] {read.length()}, new int[said.length()]));

  @Test
  void theResponseIsReadAndTheReferenceIsSaid() {
    ReceivedRollout received = translations.check(SOURCE, message().build());

    assertThat(received.tokens().promptTokens()).containsExactly("a tree".length());
    assertThat(received.tokens().responseTokens()).hasSize("ein Baum".length());
    assertThat(received.rollout().id()).isEqualTo("train-1-0/0");
    assertThat(received.rollout().reward()).isEqualTo(-0.5);
    assertThat(received.source()).isEqualTo(SOURCE);
  }

  @Test
  void noPolicyOfTheSenderIsTooOldForTheReceiver() {
    ReceivedRollout received = translations.check(SOURCE, message().build());

    assertThat(received.rollout().policy().version()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void rolloutWithoutTheReferenceIsRefused() {
    ScoredRollout.Builder message = message();
    message.getRolloutBuilder().clearReferences();

    assertThatThrownBy(() -> translations.check(SOURCE, message.build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("references: [] (expected: one named de)");
  }

  @Test
  void rolloutOfAThirdRunIsRefused() {
    assertThatThrownBy(() -> translations.check(SOURCE, message().setRunId("other").build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("run_id: other (expected: game)");
  }

  private static ScoredRollout.Builder message() {
    return ScoredRollout.newBuilder()
        .setRunId("game")
        .setPurpose(Purpose.TRAINING)
        .setTargetStep(1)
        .setReward(-0.5)
        .setRollout(
            Rollout.newBuilder()
                .setRolloutId("train-1-0/0")
                .setResponse("a tree")
                .addAllPromptTokens(List.of(90_000))
                .addAllResponseTokens(List.of(80_000))
                .addBehaviourLogProbs(-1)
                .putReferences("de", "ein Baum")
                .setPolicyVersion(3));
  }
}
