package org.elasticreset.ema.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.elasticreset.ema.console.Stage.GENERATION;
import static org.elasticreset.ema.console.Stage.SCORING;

import java.util.Map;
import org.junit.jupiter.api.Test;

class WhereItWaitsTest {

  private static final Map<Stage, Integer> TWO_WORKERS = Map.of(GENERATION, 2, SCORING, 1);

  @Test
  void stageWithTheMostInFrontOfEachIsNamed() {
    assertThat(
            say(
                Map.of(GENERATION, 24.0, SCORING, 1.0),
                TWO_WORKERS,
                Map.of("waiting", 0.71, "optimising", 0.29)))
        .isEqualTo(
            "generation: 24 batches of prompts in front of 2 rollout workers; the learner waited 71 % of its time");
    assertThat(
            say(
                Map.of(GENERATION, 4.0, SCORING, 2.5),
                TWO_WORKERS,
                Map.of("waiting", 0.5, "optimising", 0.5)))
        .isEqualTo(
            "scoring: 2.5 batches of rollouts in front of 1 reward-service; the learner waited 50 % of its time");
  }

  @Test
  void learnerThatHardlyWaitsIsWhatIsWaitedFor() {
    assertThat(
            say(
                Map.of(GENERATION, 24.0, SCORING, 0.0),
                TWO_WORKERS,
                Map.of("waiting", 0.1, "optimising", 0.8, "checkpointing", 0.1)))
        .isEqualTo(
            "learning: optimising is 80 % of the learner's time; the learner waited 10 % of its time");
  }

  @Test
  void stageWhereNobodyIsThereComesFirst() {
    assertThat(
            say(
                Map.of(GENERATION, 3.0, SCORING, 0.0),
                Map.of(GENERATION, 0, SCORING, 1),
                Map.of("waiting", 0.0, "optimising", 1.0)))
        .isEqualTo("generation: batches of prompts wait, and no rollout worker is there");
  }

  @Test
  void workersThatAreScaledAwayBetweenRunsAreNoTrouble() {
    assertThat(
            say(
                Map.of(GENERATION, 0.0, SCORING, 0.0),
                Map.of(GENERATION, 0, SCORING, 0),
                Map.of("waiting", 0.9, "optimising", 0.1)))
        .isEqualTo("nowhere in Kafka: every queue is empty; the learner waited 90 % of its time");
  }

  @Test
  void whatIsNotKnownIsNotGuessed() {
    assertThat(say(Map.of(), Map.of(), Map.of())).isEqualTo("not known yet");
    assertThat(say(Map.of(), Map.of(), Map.of("waiting", 0.6, "optimising", 0.4)))
        .isEqualTo("before the learner: it waited 60 % of its time; the queues are not known");
  }

  private static String say(
      Map<Stage, Double> waiting, Map<Stage, Integer> members, Map<String, Double> learner) {
    return new WhereItWaits(waiting, members, learner).inWords();
  }
}
