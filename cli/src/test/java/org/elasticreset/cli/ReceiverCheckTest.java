package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A game of two players, as settings make one. */
class ReceiverCheckTest {
  private static final String GAME =
      """
      prompts: prompts.tsv
      evaluation: {prompts: prompts.tsv}
      reward:
        judge: null
        scorers: {sentiment: null, understood: {type: receiver}}
      receiver: {model: ../models/gpt, reference: de, drift-reference: en, reset-every: 7}
      """;

  @TempDir private Path root;
  private InstallationFixture fixture;

  @BeforeEach
  void writeFiles() throws IOException {
    fixture = InstallationFixture.create(root);
    fixture.write("user/prompts.tsv", "prompt\ten\tde\nUn arbre =>\tA tree\tEin Baum\n");
  }

  @Test
  void aGameHasTheServicesOfTwo() throws IOException {
    RunConfig config = fixture.resolveFile(GAME);
    RunDirectory run = new RunDirectory(root.resolve("game"));
    Ports ports =
        new Ports("127.0.0.1:1", 2, 3, 4, 5, List.of(6, 7), new Ports.OfReceiver(8, 9, 10));

    assertThat(ReceiverServices.emaService(config.receiver(), run, ports).properties())
        .containsEntry("ema.run-id", "game-receiver")
        .containsEntry("ema.reset.trigger", "every-n-updates")
        .containsEntry("ema.reset.every", "7")
        .containsEntry("quarkus.grpc.server.port", "9");
    assertThat(ReceiverServices.learnerService(config, config.receiver(), run, ports).properties())
        .containsEntry("learner.run-id", "game-receiver")
        .containsEntry("learner.algorithm", "supervised")
        .containsEntry("learner.sender.run-id", "game")
        .containsEntry("learner.sender.reference", "de")
        .containsEntry("learner.ema-service", "127.0.0.1:9")
        .containsEntry("learner.ppo.minibatch-size", "64");
    assertThat(ServiceSettings.rewardService(config, run, ports).properties())
        .containsEntry("mp.messaging.incoming.receiver-versions.enabled", "true")
        .containsEntry("reward.receiver.run-id", "game-receiver")
        .containsEntry("reward.receiver.ema-service", "127.0.0.1:9");
    assertThat(ServiceSettings.learnerService(config, run, ports).properties())
        .containsEntry("learner.evaluation.task-reference", "de")
        .containsEntry("learner.evaluation.drift-reference", "en");
  }

  @Test
  void aScorerThatAsksForAReceiverNeedsOne() {
    assertRefused(
        GAME.replaceAll("receiver: \\{model.*", ""),
        "receiver.model: missing (expected: a model, since a scorer is of type receiver)");
  }

  @Test
  void playersThatAreNotInStepAreRefused() {
    assertRefused(GAME + "max-staleness: 1\n", "max-staleness: 1 (expected: 0, since there is");
    assertRefused(GAME + "checkpoint: {every: 2}\n", "checkpoint.every: 2 (expected: 1, since");
  }

  @Test
  void promptsWithoutTheReferenceAreRefused() {
    assertRefused(
        GAME.replace("reference: de", "reference: it"),
        "prompts: " + root.resolve("user/prompts.tsv") + " (expected: a reference named it beside");
  }

  @Test
  void responsesThatTheReceiverCannotHoldAreRefused() {
    assertRefused(
        GAME.replace("reset-every: 7", "max-new-tokens: 100"),
        "receiver.max-new-tokens: 100 (expected: max-prompt-tokens + max-new-tokens <= 128,");
  }

  @Test
  void minibatchesThatLeaveARestAreRefused() {
    assertRefused(
        GAME.replace("reset-every: 7", "minibatch-size: 7"),
        "receiver.minibatch-size: 7 (expected: a divisor of rollout.per-step, 64)");
  }

  @Test
  void templateWithoutAPlaceIsRefused() {
    assertRefused(
        GAME.replace("reset-every: 7", "template: nothing"), "receiver.template: nothing");
  }

  private void assertRefused(String yaml, String message) {
    assertThatThrownBy(() -> fixture.resolveFile(yaml))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith(message);
  }
}
