package org.elasticreset.cli.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.elasticreset.evidence.Comparison;
import org.elasticreset.evidence.Verdict;
import org.junit.jupiter.api.Test;

/** Comparisons of synthetic runs: what is missing is said, and what is not shown is not claimed. */
class ComparedViewTest {
  private static final Measure REWARD = Measure.REWARDS.get(0);
  private static final Measure KL = Measure.DRIFTS.get(0);

  /** Five evaluations on a line from (0, 0.5) to the last drift and reward. */
  private static MeasuredRun run(String arm, long seed, double drift, double reward) {
    return run(arm, seed, drift, reward, "finished");
  }

  private static MeasuredRun run(
      String arm, long seed, double drift, double reward, String outcome) {
    List<JsonNode> evaluations = new ArrayList<>();
    for (int i = 0; i <= 4; i++) {
      ObjectNode line = JsonNodeFactory.instance.objectNode();
      line.put("step", 2 * i);
      line.put("reward_mean", 0.5 + (reward - 0.5) * i / 4);
      line.put("kl_to_initial_nats", drift * i / 4);
      evaluations.add(line);
    }
    return new MeasuredRun(arm, seed, outcome, "", 60, evaluations, 0);
  }

  private static ComparedView compare(List<MeasuredRun> runs) {
    return ComparedView.of(List.of("ppo", "kl", "elastic"), "ppo", runs, REWARD, KL, null);
  }

  private static Comparison of(ComparedView view, String arm) {
    return view.primary().orElseThrow().comparisons().stream()
        .filter(comparison -> comparison.arm().equals(arm))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void armWithMoreRewardAtTheSameDriftIsBetterThoughItEndsLower() {
    List<MeasuredRun> runs = new ArrayList<>();
    for (long seed = 1; seed <= 5; seed++) {
      runs.add(run("ppo", seed, 100, 0.9 + 0.001 * seed));
      runs.add(run("elastic", seed, 40, 0.8 + 0.002 * seed));
    }

    ComparedView view = compare(runs);

    // Within 40 nats PPO had 0.66.
    assertThat(view.primary().orElseThrow().level().drift()).isEqualTo(40);
    assertThat(of(view, "elastic").verdict()).isEqualTo(Verdict.BETTER);
    assertThat(new ComparisonWords(view).verdicts().get(0))
        .startsWith("elastic has 0.145 more reward than ppo within a KL of 40.0 nats: ");
  }

  @Test
  void armWithoutAFinishedRunIsInNoTable() {
    List<MeasuredRun> runs = new ArrayList<>();
    for (long seed = 1; seed <= 3; seed++) {
      runs.add(run("ppo", seed, 100, 0.9));
      runs.add(run("elastic", seed, 40, 0.8));
      runs.add(run("kl", seed, 50, 0.8, "interrupted"));
    }

    assertThat(compare(runs).arms())
        .extracting(arm -> arm.name())
        .containsExactly("ppo", "elastic");
  }

  @Test
  void seedsThatOneArmLacksAreLeftOutOfItsDifference() {
    List<MeasuredRun> runs = new ArrayList<>();
    for (long seed = 1; seed <= 4; seed++) {
      runs.add(run("ppo", seed, 100, 0.9));
    }
    runs.add(run("elastic", 2, 40, 0.8));
    runs.add(run("elastic", 3, 40, 0.82));

    Comparison elastic = of(compare(runs), "elastic");

    assertThat(elastic.differences().seeds()).containsExactly(2L, 3L);
    assertThat(elastic.differences().unpaired()).containsExactly(1L, 4L);
  }

  @Test
  void oneSeedSaysNothingOfChance() {
    ComparedView view = compare(List.of(run("ppo", 1, 100, 0.9), run("elastic", 1, 40, 0.8)));

    assertThat(of(view, "elastic").verdict()).isEqualTo(Verdict.TOO_FEW_SEEDS);
    assertThat(new ComparisonWords(view).verdicts())
        .containsExactly(
            "elastic differs from ppo by +0.140 at one seed: nothing is known of chance.");
  }

  @Test
  void levelThatAnArmNeverReachedIsNamedAsSuch() {
    List<MeasuredRun> runs = new ArrayList<>();
    for (long seed = 1; seed <= 2; seed++) {
      runs.add(run("ppo", seed, 100, 0.9));
      runs.add(run("elastic", seed, 40, 0.8));
    }
    ComparedView view = compare(runs);

    ComparedView.AtLevel furthest = view.levels().get(view.levels().size() - 1);

    assertThat(furthest.level().drift()).isEqualTo(100);
    assertThat(new ComparisonWords(view).beyond(furthest))
        .isEqualTo("most runs of elastic never drifted so far; their best reward within it stands");
  }

  @Test
  void nothingIsComparedBeforeTheBaselineHasARun() {
    ComparedView view = compare(List.of(run("elastic", 1, 40, 0.8)));

    assertThat(view.primary()).isEmpty();
    assertThat(new ComparisonWords(view).verdicts())
        .containsExactly("No run of the baseline, ppo, has finished.");
  }

  @Test
  void armsThatNeverMovedLeaveNothingToCompare() {
    ComparedView view = compare(List.of(run("ppo", 1, 0, 0.5), run("kl", 1, 0, 0.5)));

    assertThat(view.problem()).startsWith("There is no drift to compare at: arms: none drifted");
  }

  @Test
  void figureThatIsMissingLeavesTheEvaluationOut() {
    MeasuredRun whole = run("ppo", 1, 100, 0.9);
    ((ObjectNode) whole.evaluations().get(4)).putNull("kl_to_initial_nats");

    ComparedView view = compare(List.of(whole, run("elastic", 1, 80, 0.8)));

    assertThat(view.arms().get(0).curves().get(0).points()).hasSize(4);
  }
}
