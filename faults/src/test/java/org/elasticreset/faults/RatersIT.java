package org.elasticreset.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.elasticreset.proto.v1.RatingRequest;
import org.elasticreset.proto.v1.RewardFrom;
import org.elasticreset.proto.v1.ScoredRollout;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** People are asked about everything, and whoever asks them is killed while they think. */
class RatersIT {
  private static final int STEPS = 2;
  private static final int ROLLOUTS = 1024;

  @TempDir private Path root;

  @Test
  void whateverWasOpenWhenTheRewardServiceDiedIsAnsweredOnce() throws Exception {
    try (FaultyRun run =
            FaultyRun.startOnBroker(
                RunFiles.write(root),
                "raters",
                STEPS,
                Map.of(),
                "raters.enabled=true",
                "raters.question=thumbs",
                "raters.share=1",
                "raters.fallback=wait",
                "raters.most-open=100000",
                "raters.gold=null",
                "rollout.per-step=" + ROLLOUTS,
                "rollout.batch-size=64",
                "ppo.epochs=1",
                "ppo.minibatch-size=64",
                "ppo.micro-batch-size=64");
        Crowd crowd = new Crowd(run.bootstrapServers(), run.name())) {
      Await.until(
          () -> crowd.open().size() >= 1_000 || run.requireRunning(),
          () -> crowd.open().size() + " questions are open; " + run.hint());
      Map<String, Boolean> said = new HashMap<>();
      List<RatingRequest> open = List.copyOf(crowd.open().values());

      run.awaitPid("reward-service");
      Signals.KILL.send(run.awaitPid("reward-service"));
      // Half of them while nobody hears it.
      for (RatingRequest request : open.subList(0, open.size() / 2)) {
        answer(crowd, request, said);
      }
      while (run.isAlive()) {
        for (RatingRequest request : crowd.open().values()) {
          if (!said.containsKey(request.getRequestId())) {
            answer(crowd, request, said);
          }
        }
      }

      assertThat(run.awaitEnd()).as(run.hint()).isZero();
      assertThat(said.size()).isEqualTo(STEPS * ROLLOUTS);
      Set<String> rewarded = new HashSet<>();
      for (ScoredRollout rollout : crowd.scored()) {
        String id = rollout.getRollout().getRolloutId();
        assertThat(rewarded.add(id)).as(id + " for the first time").isTrue();
        assertThat(rollout.getScoreRevision()).isEqualTo(1);
        assertThat(rollout.getRewardSource().getFrom()).isEqualTo(RewardFrom.REWARD_FROM_PEOPLE);
        assertThat(rollout.getReward() == 1)
            .isEqualTo(said.get(rollout.getRewardSource().getRequestIds(0)));
      }
      assertThat(rewarded.size()).isEqualTo(STEPS * ROLLOUTS);
      assertThat(Promises.accountsBalance(run.witness().end())).isEmpty();
      assertThat(run.witness().deadLetters()).isEmpty();
    }
  }

  @Test
  void runWhoseBrokerAndLauncherDiedWhilePeopleThoughtGoesOnWithTheirAnswers() throws Exception {
    try (FaultyRun run =
            FaultyRun.startOnBroker(
                RunFiles.write(root),
                "raters-later",
                STEPS,
                Map.of(),
                "raters.enabled=true",
                "raters.question=thumbs",
                "raters.share=1",
                "raters.fallback=wait",
                "raters.gold=null");
        Crowd crowd = new Crowd(run.bootstrapServers(), run.name())) {
      Await.until(() -> crowd.open().size() >= 8 || run.requireRunning(), () -> run.hint());
      Map<String, Boolean> said = new HashMap<>();

      new Fault.KillBroker(Duration.ofMillis(500)).inflict(run);
      run.killLauncher();
      for (RatingRequest request : List.copyOf(crowd.open().values())) {
        answer(crowd, request, said);
      }
      run.resume();
      while (run.isAlive()) {
        for (RatingRequest request : crowd.open().values()) {
          if (!said.containsKey(request.getRequestId())) {
            answer(crowd, request, said);
          }
        }
      }

      assertThat(run.awaitEnd()).as(run.hint()).isZero();
      assertThat(said.size()).isEqualTo(STEPS * 8);
      assertThat(crowd.scored())
          .allSatisfy(
              rollout ->
                  assertThat(rollout.getReward() == 1)
                      .isEqualTo(said.get(rollout.getRewardSource().getRequestIds(0))));
      assertThat(Promises.accountsBalance(run.witness().end())).isEmpty();
    }
  }

  private static void answer(Crowd crowd, RatingRequest request, Map<String, Boolean> said)
      throws InterruptedException {
    boolean up = request.getCandidates(0).getText().length() % 2 == 0;
    crowd.thumb(request, up);
    said.put(request.getRequestId(), up);
  }
}
