package org.elasticreset.cli.ab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExperimentTest {
  private final Experiment experiment = new Experiment(Rules.of(0.5));

  @Test
  void countsInTheOrderOfRequestsHoweverOutcomesCome() {
    ask(experiment, "x", "y");
    answer(experiment, "x", 0);
    answer(experiment, "y", 0);
    experiment.outcome(new Outcome("y", 1, 10));

    experiment.advance(20);
    assertThat(experiment.counted()).isEmpty();

    experiment.outcome(new Outcome("x", 0, 20));
    experiment.advance(30);
    assertThat(ids(experiment)).containsExactly("x", "y");
  }

  @Test
  void anOutcomeThatNeverComesIsWaitedForAndThenLeftOut() {
    ask(experiment, "x");
    answer(experiment, "x", 0);

    experiment.advance(Rules.WINDOW);
    assertThat(experiment.counted()).isEmpty();

    experiment.advance(Rules.WINDOW + 1);
    assertThat(experiment.counted().get(0).unit().metric()).isEmpty();
    assertThat(experiment.passed()).containsExactly(entry(Passed.OUTCOME_ABSENT, 1L));
  }

  @Test
  void anAbsentOutcomeCountsAsWhatItMeans() {
    Experiment clicks = new Experiment(Rules.of(OptionalDouble.of(0), OptionalDouble.empty(), 0.5));
    ask(clicks, "x");
    answer(clicks, "x", 0);

    clicks.advance(Rules.WINDOW + 1);

    assertThat(clicks.counted().get(0).unit().metric()).hasValue(0);
  }

  @Test
  void lateDuplicateUnknownAndImpossibleOutcomesAreCountedByReason() {
    ask(experiment, "x", "y");
    answer(experiment, "x", 0);
    answer(experiment, "y", 0);
    experiment.outcome(new Outcome("x", 1, Rules.WINDOW + 1));
    experiment.outcome(new Outcome("y", 1, 5));
    experiment.outcome(new Outcome("y", 0, 6));
    experiment.outcome(new Outcome("nobody", 1, 7));
    experiment.outcome(new Outcome("y", 7, 8));

    experiment.advance(Rules.WINDOW + 2);

    assertThat(experiment.counted().get(0).unit().metric()).isEmpty();
    assertThat(experiment.counted().get(1).unit().metric()).hasValue(1);
    assertThat(experiment.passed())
        .containsOnly(
            entry(Passed.OUTCOME_LATE, 1L),
            entry(Passed.OUTCOME_ABSENT, 1L),
            entry(Passed.OUTCOME_DUPLICATE, 1L),
            entry(Passed.OUTCOME_UNKNOWN, 1L),
            entry(Passed.OUTCOME_OUT_OF_BOUNDS, 1L));
  }

  @Test
  void anOutcomeMayComeBeforeItsPrompt() {
    experiment.outcome(new Outcome("x", 1, 0));
    ask(experiment, "x");
    answer(experiment, "x", 5);

    experiment.advance(6);

    assertThat(experiment.counted().get(0).unit().metric()).hasValue(1);
    assertThat(experiment.passed()).isEmpty();
  }

  @Test
  void aPromptWithoutAnAnswerHoldsTheOthersUpOnlySoLong() {
    ask(experiment, "lost", "x");
    answer(experiment, "x", 0);
    experiment.outcome(new Outcome("x", 1, 1));

    experiment.advance(600_000);
    assertThat(experiment.counted()).isEmpty();

    experiment.advance(600_001);
    assertThat(ids(experiment)).containsExactly("x");
    assertThat(experiment.passed()).containsExactly(entry(Passed.UNANSWERED, 1L));
  }

  @Test
  void theSamePromptIsGivenOnce() {
    ask(experiment, "x");

    assertThat(experiment.assign("x", 1)).isEmpty();
    assertThat(experiment.passed()).containsExactly(entry(Passed.REQUEST_DUPLICATE, 1L));
  }

  @Test
  void stagesFollowEachOtherAndABetterBIsShippedInTheLast() {
    Experiment staged = new Experiment(Rules.of(0.1, 0.5));

    run(staged, new Random(1), 3000, 0.2, 0.6);

    assertThat(staged.events()).extracting(AbEvent::event).containsExactly("stage", "verdict");
    assertThat(staged.verdict()).map(AbEvent::verdict).hasValue("ship");
    assertThat(staged.stage()).isEqualTo(1);
  }

  @Test
  void aHarmfulBIsKeptOutInAnyStage() {
    Experiment staged = new Experiment(Rules.of(0.2, 0.5));

    run(staged, new Random(1), 3000, 0.9, 0.1);

    assertThat(staged.verdict()).map(AbEvent::verdict).hasValue("keep");
    assertThat(staged.verdict().orElseThrow().because()).contains("less than");
  }

  @Test
  void twoEqualPoliciesAreHardlyEverShipped() {
    int shipped = 0;
    for (int seed = 0; seed < 100; seed++) {
      Experiment equal = new Experiment(Rules.of(0.1, 0.5));
      run(equal, new Random(seed), 600, 0.5, 0.5);
      shipped +=
          equal.verdict().filter(event -> event.verdict().equals("ship")).isPresent() ? 1 : 0;
    }

    // 5 of 100 are allowed; 14 have a chance of less than 0.0005.
    assertThat(shipped).isLessThan(14);
  }

  @Test
  void whatCameInAnotherOrderIsTheSameExperiment() {
    List<Runnable> facts = new ArrayList<>();
    Experiment inOrder = new Experiment(Rules.of(0.5));
    Experiment shuffled = new Experiment(Rules.of(0.5));
    Random random = new Random(5);
    for (int i = 0; i < 100; i++) {
      String id = "p" + i;
      Assignment assignment = inOrder.assign(id, i).orElseThrow();
      Answer answer = answerOf(id, i);
      Outcome outcome = new Outcome(id, random.nextInt(2), i + 1);
      inOrder.answer(answer);
      inOrder.outcome(outcome);
      inOrder.advance(i + 1);
      shuffled.restore(assignment);
      facts.add(() -> shuffled.restore(answer));
      facts.add(() -> shuffled.outcome(outcome));
    }
    Collections.shuffle(facts, random);

    facts.forEach(Runnable::run);
    shuffled.advance(200);

    assertThat(shuffled.counted()).isEqualTo(inOrder.counted());
    assertThat(shuffled.test()).isEqualTo(inOrder.test());
  }

  @Test
  void aKeyThatIsNoIndependentDrawShows() {
    for (int i = 0; i < 400; i++) {
      experiment.restore(new Assignment(i, "p" + i, i < 100 ? Arm.B : Arm.A, 0.5, 0, 0));
    }

    assertThat(experiment.sampleRatio())
        .isEqualTo(new SampleRatio(100, 200, -10))
        .matches(SampleRatio::isSuspicious);
  }

  /** Prompt by prompt, until a verdict: each is answered at once, and 0 or 1 by its arm's rate. */
  private static void run(Experiment experiment, Random random, int prompts, double a, double b) {
    for (int i = 0; i < prompts && experiment.verdict().isEmpty(); i++) {
      String id = random.nextLong() + "";
      Arm arm = experiment.assign(id, i).orElseThrow().arm();
      answer(experiment, id, i);
      double rate = arm == Arm.A ? a : b;
      experiment.outcome(new Outcome(id, random.nextDouble() < rate ? 1 : 0, i));
      experiment.advance(i);
    }
  }

  private static void ask(Experiment experiment, String... ids) {
    for (String id : ids) {
      experiment.assign(id, 0);
    }
  }

  private static void answer(Experiment experiment, String id, long time) {
    experiment.answer(answerOf(id, time));
  }

  private static Answer answerOf(String id, long time) {
    return new Answer(id, "text", 0.5, OptionalDouble.empty(), OptionalDouble.of(3), time);
  }

  private static List<String> ids(Experiment experiment) {
    return experiment.counted().stream().map(unit -> unit.assignment().id()).toList();
  }
}
