package org.elasticreset.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.elasticreset.cli.RunConfig.LoraConfig;
import org.elasticreset.cli.RunConfig.PpoConfig;
import org.elasticreset.cli.RunConfig.ScorerConfig;
import org.elasticreset.cli.ab.AbTopics;
import org.elasticreset.cli.ab.Arm;
import org.jspecify.annotations.Nullable;

/** The configuration that each service reads, out of the configuration of the run. */
final class ServiceSettings {
  private final Map<String, String> properties = new LinkedHashMap<>();

  ServiceSettings(String bootstrapServers, int httpPort) {
    // Above the file in the service's jar (250), below environment and system properties (300,
    // 400).
    put("config_ordinal", 275);
    put("kafka.bootstrap.servers", bootstrapServers);
    put("quarkus.http.host", "127.0.0.1");
    put("quarkus.http.port", httpPort);
    put("quarkus.banner.enabled", false);
    put("quarkus.console.color", false);
    // The launcher asks every moment, and knows the answer.
    put("quarkus.log.category.\"io.smallrye.health\".level", "WARN");
  }

  static ServiceSettings emaService(RunConfig config, RunDirectory run, Ports ports) {
    ServiceSettings settings = new ServiceSettings(ports.bootstrapServers(), ports.emaHttp());
    settings.put("quarkus.grpc.server.host", "127.0.0.1");
    settings.put("quarkus.grpc.server.port", ports.emaGrpc());
    settings.put("ema.run-id", run.name());
    settings.put("ema.directory", run.averages());
    settings.put("ema.console.enabled", true);
    settings.put("ema.decay", config.ema().decay());
    settings.put("ema.keep-versions", config.ema().keepVersions());
    settings.put("ema.serve-averages", config.deliver() == RunConfig.Deliver.AVERAGE);
    settings.put("ema.reset.trigger", config.reset().trigger());
    settings.put("ema.reset.to", config.reset().to());
    settings.put("ema.reset.every", config.reset().every());
    settings.put("ema.reset.drift-budget-nats", config.reset().driftBudgetNats());
    settings.put("ema.reset.rearm-below-nats", config.reset().rearmBelowNats());
    settings.put("ema.reset.plateau-window", config.reset().plateauWindow());
    settings.put("ema.reset.plateau-gain-per-nat", config.reset().plateauGainPerNat());
    settings.put("ema.reset.approvals", config.reset().approvals());
    return settings;
  }

  /**
   * Static membership: a service that died and is started again under its name has its partitions
   * at once, where one of a new name would wait until the old one's session is over.
   */
  private void nameMember(String channel, String process) {
    put("mp.messaging.incoming." + channel + ".group.instance.id", process);
  }

  static ServiceSettings rolloutService(RunConfig config, String runId, int worker, Ports ports) {
    ServiceSettings settings =
        new ServiceSettings(ports.bootstrapServers(), ports.rolloutHttp().get(worker - 1));
    settings.put("rollout.run-id", runId);
    settings.put("rollout.worker", "worker-" + worker);
    settings.put("rollout.model", config.policy());
    settings.putModel("rollout", config);
    settings.put("rollout.chat", config.chat());
    settings.put("rollout.max-batch-size", config.rollout().batchSize());
    settings.put("rollout.threads", config.rollout().threads());
    settings.put("rollout.ema-service", ports.emaService());
    settings.nameMember("prompts", "rollout-service-" + worker);
    return settings;
  }

  static ServiceSettings rewardService(RunConfig config, RunDirectory run, Ports ports) {
    ServiceSettings settings = new ServiceSettings(ports.bootstrapServers(), ports.rewardHttp());
    settings.put("reward.run-id", run.name());
    settings.put("reward.threads", config.reward().threads());
    settings.put("reward.device", config.device());
    settings.nameMember("rollouts", "reward-service");
    settings.putScorers(config.reward().scorers(), config.reward().judge());
    if (config.receiver() != null) {
      ReceiverServices.addTo(settings, config.receiver(), run, ports);
    }
    RaterServices.addTo(settings, config.raters(), run);
    return settings;
  }

  /** A worker that answers an experiment's prompts with a policy that stays as it is. */
  static ServiceSettings fixedPolicy(AbSettings config, Arm arm, String broker, int httpPort) {
    ServiceSettings settings = new ServiceSettings(broker, httpPort);
    settings.put("rollout.run-id", config.name());
    settings.put("rollout.worker", "policy-" + arm.id());
    settings.put("rollout.model", arm == Arm.A ? config.a() : config.b());
    settings.put("rollout.fixed-policy", true);
    settings.put("rollout.chat", config.chat());
    settings.put("rollout.device", config.device());
    settings.put("rollout.max-batch-size", config.rollout().batchSize());
    settings.put("rollout.threads", config.rollout().threads());
    settings.put(
        "mp.messaging.incoming.prompts.topic", config.name() + "." + AbTopics.prompts(arm));
    settings.put(
        "mp.messaging.incoming.prompts.group.id", config.name() + ".rollout-service-" + arm.id());
    settings.nameMember("prompts", "rollout-service-" + arm.id());
    return settings;
  }

  static ServiceSettings rewardService(AbSettings config, String broker, int httpPort) {
    ServiceSettings settings = new ServiceSettings(broker, httpPort);
    settings.put("reward.run-id", config.name());
    settings.put("reward.threads", config.reward().threads());
    settings.put("reward.device", config.device());
    settings.nameMember("rollouts", "reward-service");
    settings.putScorers(config.reward().scorers(), config.reward().judge());
    return settings;
  }

  static ServiceSettings learnerService(RunConfig config, RunDirectory run, Ports ports) {
    ServiceSettings settings = new ServiceSettings(ports.bootstrapServers(), ports.learnerHttp());
    settings.put("learner.run-id", run.name());
    settings.put("learner.model", config.policy());
    settings.put("learner.model-name", PolicyDirectory.nameOf(config.policy()));
    settings.putModel("learner", config);
    if (config.lora() != null) {
      settings.put("learner.lora.dropout", config.lora().dropout());
    }
    settings.put("learner.recompute", config.recompute());
    settings.put("learner.output", run.policy());
    settings.put("learner.checkpoint.directory", run.checkpoints());
    settings.put("learner.checkpoint.every", config.checkpoint().every());
    settings.put("learner.checkpoint.keep", config.checkpoint().keep());
    settings.put("learner.checkpoint.max-age", config.checkpoint().maxAge());
    settings.put("learner.on-non-finite-update", config.onNonFiniteUpdate());
    settings.put("learner.discarded-batches", run.discardedBatches());
    settings.put("learner.ema-service", ports.emaService());
    settings.put("learner.threads", config.learner().threads());
    settings.put("learner.seed", config.seed());
    settings.put("learner.steps", config.steps());
    settings.putOnlyPath("learner.prompts", config.prompts());
    settings.put("learner.rollouts-per-step", config.rollout().perStep());
    settings.put("learner.generation-batch-size", config.rollout().batchSize());
    settings.put("learner.max-staleness", config.maxStaleness());
    settings.put("learner.reissue-after", RaterServices.reissueAfter(config));
    settings.put("learner.earlier-epoch", config.earlierEpoch());
    settings.put("learner.deliver", config.deliver());
    settings.put("learner.update-every", config.ema().updateEvery());
    settings.put("learner.sampling.temperature", config.sampling().temperature());
    settings.put("learner.sampling.top-k", config.sampling().topK());
    settings.put("learner.sampling.top-p", config.sampling().topP());
    settings.put("learner.sampling.max-new-tokens", config.sampling().maxNewTokens());
    settings.put("learner.sampling.max-prompt-tokens", config.sampling().maxPromptTokens());
    settings.put("learner.sampling.stop-at-eos", config.sampling().stopAtEos());
    settings.putOnlyPath("learner.evaluation.prompts", config.evaluation().prompts());
    settings.put("learner.evaluation.every", config.evaluation().every());
    settings.putOnlyPath("learner.evaluation.human-text", config.evaluation().humanText());
    if (config.receiver() != null) {
      settings.put("learner.evaluation.task-reference", config.receiver().reference());
      settings.put("learner.evaluation.drift-reference", config.receiver().driftReference());
    }
    settings.putPpo(config.ppo());
    settings.putObjective(config);
    settings.putRegularisers(config);
    settings.put("learner.on-reset.clear-optimizer", config.reset().clearOptimizer());
    settings.put("learner.on-reset.clear-value-head", config.reset().clearValueHead());
    return settings;
  }

  /** What learner and workers must hold alike. */
  private void putModel(String prefix, RunConfig config) {
    LoraConfig lora = config.lora();
    if (lora != null) {
      put(prefix + ".lora.rank", lora.rank());
      put(prefix + ".lora.alpha", lora.alpha());
      put(
          prefix + ".lora.target-modules",
          lora.targetModules() == null ? null : String.join(",", lora.targetModules()));
    }
    put(prefix + ".precision", config.precision());
    put(prefix + ".base-weights", config.baseWeights());
    put(prefix + ".device", config.device());
  }

  private void putObjective(RunConfig config) {
    put("learner.algorithm", config.algorithm());
    put("learner.samples-per-prompt", config.rollout().samplesPerPrompt());
    put("learner.reinforce.baseline-decay", config.reinforce().baselineDecay());
    put("learner.kl.coefficient", config.kl().coefficient());
    put("learner.kl.target", config.kl().target());
    put("learner.kl.horizon", config.kl().horizon());
    put("learner.kl.in", config.kl().in());
    put("learner.kl.estimator", config.kl().estimator());
  }

  private void putRegularisers(RunConfig config) {
    if (config.rehearsal() != null) {
      put("learner.rehearsal.coefficient", config.rehearsal().coefficient());
      putOnlyPath("learner.rehearsal.texts", config.rehearsal().texts());
      put("learner.rehearsal.batch-size", config.rehearsal().batchSize());
    }
    put("learner.pull-to-initial", config.pullToInitial());
    if (config.iteratedLearning() != null) {
      put("learner.iterated-learning.every", config.iteratedLearning().every());
      put("learner.iterated-learning.epochs", config.iteratedLearning().epochs());
      put("learner.iterated-learning.learning-rate", config.iteratedLearning().learningRate());
    }
    if (config.nlpo() != null) {
      put("learner.nlpo.top-p", config.nlpo().topP());
      put("learner.nlpo.update-every", config.nlpo().updateEvery());
    }
  }

  private void putPpo(PpoConfig ppo) {
    put("learner.ppo.epochs", ppo.epochs());
    put("learner.ppo.minibatch-size", ppo.minibatchSize());
    put("learner.ppo.micro-batch-size", ppo.microBatchSize());
    put("learner.ppo.learning-rate", ppo.learningRate());
    put("learner.ppo.warm-up-steps", ppo.warmUpSteps());
    put("learner.ppo.clip-range", ppo.clipRange());
    put("learner.ppo.value-clip-range", ppo.valueClipRange());
    put("learner.ppo.value-coefficient", ppo.valueCoefficient());
    put("learner.ppo.entropy-coefficient", ppo.entropyCoefficient());
    put("learner.ppo.discount", ppo.discount());
    put("learner.ppo.gae-lambda", ppo.gaeLambda());
    put("learner.ppo.whiten-advantages", ppo.whitenAdvantages());
    put("learner.ppo.max-gradient-norm", ppo.maxGradientNorm());
    put("learner.ppo.weight-decay", ppo.weightDecay());
  }

  private void putScorers(Map<String, ScorerConfig> scorers, @Nullable ScorerConfig judge) {
    scorers.forEach((name, scorer) -> putScorer("reward.scorers." + name, scorer, true));
    if (judge != null) {
      putScorer("reward.judge", judge, false);
    }
  }

  private void putScorer(String prefix, ScorerConfig scorer, boolean weighted) {
    put(prefix + ".type", KnownKeys.variantName(scorer.getClass()));
    if (scorer instanceof ScorerConfig.Classifier classifier) {
      put(prefix + ".model", classifier.model());
      put(prefix + ".label", classifier.label());
      put(prefix + ".output", classifier.output());
    } else if (scorer instanceof ScorerConfig.Regex regex) {
      put(prefix + ".pattern", regex.pattern());
    } else if (scorer instanceof ScorerConfig.Learned learned) {
      put(prefix + ".output", learned.output());
    } else if (scorer instanceof ScorerConfig.Length length) {
      put(prefix + ".target-tokens", length.targetTokens());
    }
    if (weighted) {
      put(prefix + ".weight", scorer.weight());
    }
  }

  /** The one path of a list, in which a comma would begin another. */
  void putOnlyPath(String key, @Nullable Path path) {
    put(key, path == null ? null : path.toString().replace(",", "\\,"));
  }

  void put(String key, @Nullable Object value) {
    if (value instanceof Enum<?> constant) {
      properties.put(key, Settings.kebab(constant.name()));
    } else if (value != null) {
      // A dollar would begin an expression of the service's configuration; here it is meant as one.
      properties.put(key, value.toString().replace("$", "\\$"));
    }
  }

  /** As if it had not been put. */
  void leaveOut(String key) {
    properties.remove(key);
  }

  Map<String, String> properties() {
    return Map.copyOf(properties);
  }

  /** Writes a properties file in a stable order. */
  void write(Path file) {
    try {
      Files.createDirectories(file.getParent());
      try (Writer out = Files.newBufferedWriter(file)) {
        for (Map.Entry<String, String> property : properties.entrySet()) {
          out.write(line(property) + "\n");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Properties escapes what it must; of its output only the line itself is wanted. */
  private static String line(Map.Entry<String, String> property) throws IOException {
    Properties single = new Properties();
    single.setProperty(property.getKey(), property.getValue());
    java.io.StringWriter text = new java.io.StringWriter();
    single.store(text, null);
    return text.toString().lines().filter(line -> !line.startsWith("#")).findFirst().orElseThrow();
  }
}
