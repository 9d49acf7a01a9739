package org.elasticreset.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.Example;

class RolloutTest {
  private static final PolicyStamp POLICY = new PolicyStamp(1, 0);

  @Example
  void copiesItsArraysOnTheWayInAndOut() {
    int[] prompt = {1, 2};
    int[] response = {3};
    float[] logProbs = {-1};
    Rollout rollout = new Rollout("a", prompt, response, logProbs, 0.5, POLICY, true);

    prompt[0] = response[0] = 9;
    logProbs[0] = -9;
    rollout.promptTokens()[1] = rollout.responseTokens()[0] = 9;
    rollout.behaviourLogProbs()[0] = -9;

    assertThat(rollout.promptTokens()).containsExactly(1, 2);
    assertThat(rollout.responseTokens()).containsExactly(3);
    assertThat(rollout.behaviourLogProbs()).containsExactly(-1);
    assertThat(rollout.length()).isEqualTo(1);
  }

  @Example
  void saysWhatWasWrong() {
    assertThatThrownBy(() -> rollout(" ", new int[1], new float[1], 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("id: ' ' (expected: not blank)");
    assertThatThrownBy(() -> rollout("a", new int[0], new float[0], 0))
        .hasMessage("responseTokens: empty (expected: at least one token)");
    assertThatThrownBy(() -> rollout("a", new int[2], new float[1], 0))
        .hasMessage("behaviourLogProbs: 1 elements (expected: 2, as responseTokens)");
    assertThatThrownBy(() -> rollout("a", new int[1], new float[] {Float.NaN}, 0))
        .hasMessage("behaviourLogProb: NaN (expected: a finite number)");
    assertThatThrownBy(() -> rollout("a", new int[1], new float[] {0.5f}, 0))
        .hasMessage("behaviourLogProb: 0.5 (expected: logProb <= 0)");
    assertThatThrownBy(() -> rollout("a", new int[1], new float[1], Double.NaN))
        .hasMessage("reward: NaN (expected: a finite number)");
    assertThatThrownBy(() -> scored("a", POLICY, -1))
        .hasMessage("scoreRevision: -1 (expected: scoreRevision >= 0)");
  }

  @Example
  void aHigherRevisionOfTheSameDrawIsALaterScoreOfIt() {
    Rollout rollout = scored("a", POLICY, 2);

    assertThat(scored("a", POLICY, 3).rescores(rollout)).isTrue();
    assertThat(scored("a", POLICY, 2).rescores(rollout)).isFalse();
    assertThat(scored("a", POLICY, 1).rescores(rollout)).isFalse();
    assertThat(scored("b", POLICY, 3).rescores(rollout)).isFalse();
    assertThat(scored("a", new PolicyStamp(2, 0), 3).rescores(rollout)).isFalse();
  }

  private static Rollout scored(String id, PolicyStamp policy, long revision) {
    return new Rollout(id, new int[0], new int[1], new float[1], 0.5, revision, policy, false);
  }

  private static Rollout rollout(String id, int[] response, float[] logProbs, double reward) {
    return new Rollout(id, new int[] {1}, response, logProbs, reward, POLICY, false);
  }
}
