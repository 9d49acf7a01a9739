package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceSettingsTest {
  private static final Ports PORTS =
      new Ports(
          "127.0.0.1:1001", 1002, 1003, 1004, 1005, List.of(1006, 1007), Ports.OfReceiver.NONE);

  @TempDir private Path root;

  @Test
  void learnerReadsWhatTheRunFileSays() throws IOException {
    RunConfig config =
        InstallationFixture.create(root)
            .resolve("steps=7", "ema.update-every=ppo-epoch", "kl.estimator=k3", "seed=3");
    RunDirectory run = new RunDirectory(root.resolve("run"));

    assertThat(ServiceSettings.learnerService(config, run, PORTS).properties())
        .containsEntry("kafka.bootstrap.servers", "127.0.0.1:1001")
        .containsEntry("quarkus.http.port", "1004")
        .containsEntry("learner.run-id", "run")
        .containsEntry("learner.ema-service", "127.0.0.1:1003")
        .containsEntry("learner.steps", "7")
        .containsEntry("learner.seed", "3")
        .containsEntry("learner.update-every", "ppo-epoch")
        .containsEntry("learner.kl.estimator", "k3")
        .containsEntry("learner.reissue-after", "PT1M")
        .containsEntry("learner.checkpoint.directory", run.path() + "/state/checkpoints")
        .containsEntry("learner.checkpoint.max-age", "PT168H")
        .containsEntry("learner.on-non-finite-update", "stop")
        .containsEntry("learner.discarded-batches", run.path() + "/discarded-batches")
        .containsEntry("learner.ppo.learning-rate", "1.0E-4")
        .containsEntry("learner.prompts", root.resolve("presets/movies/prompts.txt").toString())
        .doesNotContainKeys("learner.kl.target", "learner.evaluation.human-text");
  }

  @Test
  void learnerAndWorkersHoldTheSameAdaptersInTheSamePrecision() throws IOException {
    RunConfig config =
        InstallationFixture.create(root)
            .resolve(
                "lora.rank=8",
                "lora.alpha=4",
                "lora.target-modules=c_attn,c_fc",
                "precision=bfloat16",
                "base-weights=bfloat16",
                "device=cpu",
                "recompute=true");
    assertThat(ServiceSettings.rolloutService(config, "run", 1, PORTS).properties())
        .containsEntry("rollout.chat", "false");

    assertThat(
            ServiceSettings.learnerService(config, new RunDirectory(root.resolve("run")), PORTS)
                .properties())
        .containsEntry("learner.lora.rank", "8")
        .containsEntry("learner.lora.alpha", "4.0")
        .containsEntry("learner.lora.dropout", "0.05")
        .containsEntry("learner.lora.target-modules", "c_attn,c_fc")
        .containsEntry("learner.precision", "bfloat16")
        .containsEntry("learner.base-weights", "bfloat16")
        .containsEntry("learner.recompute", "true")
        .containsEntry("learner.device", "cpu")
        .containsEntry("learner.model-name", root.resolve("models/gpt").toString());
    assertThat(ServiceSettings.rolloutService(config, "run", 1, PORTS).properties())
        .containsEntry("rollout.lora.rank", "8")
        .containsEntry("rollout.lora.alpha", "4.0")
        .containsEntry("rollout.lora.target-modules", "c_attn,c_fc")
        .containsEntry("rollout.precision", "bfloat16")
        .containsEntry("rollout.base-weights", "bfloat16")
        .containsEntry("rollout.device", "cpu")
        .doesNotContainKey("rollout.lora.dropout");
  }

  @Test
  void learnerReadsWhatHoldsThePolicyBack() throws IOException {
    InstallationFixture fixture = InstallationFixture.create(root);
    Path texts = fixture.write("texts.txt", "one\ntwo\n");
    RunConfig config =
        fixture.resolve(
            "pull-to-initial=0.01",
            "rehearsal.texts=" + texts,
            "rehearsal.batch-size=2",
            "iterated-learning.every=3",
            "nlpo.top-p=0.8");

    assertThat(
            ServiceSettings.learnerService(config, new RunDirectory(root.resolve("run")), PORTS)
                .properties())
        .containsEntry("learner.pull-to-initial", "0.01")
        .containsEntry("learner.rehearsal.texts", texts.toString())
        .containsEntry("learner.rehearsal.coefficient", "0.1")
        .containsEntry("learner.rehearsal.batch-size", "2")
        .containsEntry("learner.iterated-learning.every", "3")
        .containsEntry("learner.iterated-learning.epochs", "4")
        .containsEntry("learner.iterated-learning.learning-rate", "1.0E-4")
        .containsEntry("learner.nlpo.top-p", "0.8")
        .containsEntry("learner.nlpo.update-every", "5");
  }

  @Test
  void rewardModelsLiveWhereTheRunSays() throws IOException {
    RunConfig config = InstallationFixture.create(root).resolve("device=cuda:1");

    assertThat(
            ServiceSettings.rewardService(config, new RunDirectory(root.resolve("run")), PORTS)
                .properties())
        .containsEntry("reward.device", "cuda:1");
  }

  @Test
  void wholeModelIsTrainedWithoutASettingOfAdapters() throws IOException {
    RunConfig config = InstallationFixture.create(root).resolve();

    assertThat(
            ServiceSettings.learnerService(config, new RunDirectory(root.resolve("run")), PORTS)
                .properties()
                .keySet())
        .noneMatch(key -> key.startsWith("learner.lora"));
  }

  @Test
  void adaptersNameTheirBaseAsTheHubDoes() {
    assertThat(
            PolicyDirectory.nameOf(
                Path.of("/cache/models--org--name/snapshots/" + "0a".repeat(20))))
        .isEqualTo("org/name");
    assertThat(PolicyDirectory.nameOf(Path.of("/models/gpt"))).isEqualTo("/models/gpt");
  }

  @Test
  void everyWorkerHasItsNameAndPort() throws IOException {
    RunConfig config = InstallationFixture.create(root).resolve();

    assertThat(ServiceSettings.rolloutService(config, "run", 2, PORTS).properties())
        .containsEntry("rollout.max-batch-size", "16")
        .containsEntry("rollout.worker", "worker-2")
        .containsEntry("mp.messaging.incoming.prompts.group.instance.id", "rollout-service-2")
        .containsEntry("quarkus.http.port", "1007");
  }

  @Test
  void averagesOutliveTheLauncherInTheStateOfTheRun() throws IOException {
    RunConfig config = InstallationFixture.create(root).resolve();
    RunDirectory run = new RunDirectory(root.resolve("runs/first"));

    assertThat(ServiceSettings.emaService(config, run, PORTS).properties())
        .containsEntry("ema.run-id", "first")
        .containsEntry("ema.directory", run.path() + "/state/averages")
        .containsEntry("ema.console.enabled", "true");
  }

  @Test
  void serviceReadsTextAsItWasGiven() throws IOException {
    String pattern = "^[${] \\$\\d+, [a=b]: \\\\ é!$";
    RunConfig config =
        InstallationFixture.create(root)
            .resolve(
                "reward.scorers.price.type=regex",
                "reward.scorers.price.pattern=" + pattern,
                "reward.scorers.sentiment.output=logit");
    Path file = root.resolve("service.properties");

    ServiceSettings.rewardService(config, new RunDirectory(root.resolve("run")), PORTS).write(file);

    SmallRyeConfig read =
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .withSources(new PropertiesConfigSource(file.toUri().toURL()))
            .build();
    assertThat(read.getValue("reward.scorers.price.pattern", String.class)).isEqualTo(pattern);
    assertThat(read.getValue("reward.scorers.sentiment.label", String.class)).isEqualTo("POSITIVE");
    assertThat(read.getValue("reward.scorers.sentiment.output", String.class)).isEqualTo("logit");
    assertThat(read.getOptionalValue("reward.judge.output", String.class)).isEmpty();
    assertThat(read.getValue("reward.judge.type", String.class)).isEqualTo("classifier");
    assertThat(read.getOptionalValue("reward.judge.weight", String.class)).isEmpty();
  }

  @Test
  void commaInAPathDoesNotMakeTwo() throws IOException {
    InstallationFixture fixture = InstallationFixture.create(root);
    Path prompts = fixture.write("my, own/prompts.txt", "Hello\n");
    Path file = root.resolve("service.properties");

    ServiceSettings.learnerService(
            fixture.resolve("prompts=" + prompts), new RunDirectory(root.resolve("run")), PORTS)
        .write(file);

    SmallRyeConfig read =
        new SmallRyeConfigBuilder()
            .addDefaultInterceptors()
            .withSources(new PropertiesConfigSource(file.toUri().toURL()))
            .build();
    assertThat(read.getValues("learner.prompts", Path.class)).containsExactly(prompts);
  }
}
