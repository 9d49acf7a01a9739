package org.elasticreset.cli;

import java.nio.file.Path;
import org.elasticreset.cli.RunConfig.ReceiverConfig;

/**
 * What the services read of the second player of a game of two: it has an ema-service and a
 * learner-service of its own, and its learner reads the rollouts of the first player's run.
 */
final class ReceiverServices {
  /** The first player's learner asks for what is missing; this one only waits. */
  private static final String NEVER = "PT24H";

  private static final String PATIENCE = "PT5M";
  private static final String TRANSFER = "PT2M";

  private ReceiverServices() {}

  /** Name of its run, which is beside the first player's on every topic. */
  static String runId(RunDirectory run) {
    return run.name() + "-receiver";
  }

  static ServiceSettings emaService(ReceiverConfig receiver, RunDirectory run, Ports ports) {
    ServiceSettings settings =
        new ServiceSettings(ports.bootstrapServers(), ports.receiver().emaHttp());
    settings.put("quarkus.grpc.server.host", "127.0.0.1");
    settings.put("quarkus.grpc.server.port", ports.receiver().emaGrpc());
    settings.put("ema.run-id", runId(run));
    settings.put("ema.directory", run.receiverAverages());
    settings.put("ema.decay", receiver.decay());
    Integer resetEvery = receiver.resetEvery();
    settings.put("ema.reset.trigger", resetEvery == null ? "on-request" : "every-n-updates");
    settings.put("ema.reset.every", resetEvery);
    return settings;
  }

  /** The same work by the same ids as the first player's learner asks for, learnt otherwise. */
  static ServiceSettings learnerService(
      RunConfig config, ReceiverConfig receiver, RunDirectory run, Ports ports) {
    ServiceSettings settings =
        new ServiceSettings(ports.bootstrapServers(), ports.receiver().learnerHttp());
    settings.put("learner.run-id", runId(run));
    settings.put("learner.model", receiver.model());
    settings.put("learner.model-name", PolicyDirectory.nameOf(receiver.model()));
    settings.put("learner.device", config.device());
    settings.put("learner.output", run.receiverPolicy());
    settings.put("learner.checkpoint.directory", run.receiverCheckpoints());
    settings.put("learner.checkpoint.every", config.checkpoint().every());
    settings.put("learner.checkpoint.keep", config.checkpoint().keep());
    settings.put("learner.checkpoint.max-age", config.checkpoint().maxAge());
    settings.put("learner.discarded-batches", run.discardedBatches().resolve("receiver"));
    settings.put("learner.ema-service", ports.receiver().emaService());
    settings.put("learner.threads", receiver.threads());
    settings.put("learner.seed", config.seed());
    settings.put("learner.steps", config.steps());
    settings.putOnlyPath("learner.prompts", config.prompts());
    settings.put("learner.rollouts-per-step", config.rollout().perStep());
    settings.put("learner.generation-batch-size", config.rollout().batchSize());
    settings.put("learner.samples-per-prompt", config.rollout().samplesPerPrompt());
    settings.put("learner.reissue-after", NEVER);
    settings.put("learner.algorithm", "supervised");
    settings.put("learner.sender.run-id", run.name());
    settings.put("learner.sender.template", receiver.template());
    settings.put("learner.sender.reference", receiver.reference());
    settings.put("learner.sampling.max-prompt-tokens", receiver.maxPromptTokens());
    settings.put("learner.sampling.max-new-tokens", receiver.maxNewTokens());
    settings.putOnlyPath("learner.evaluation.prompts", config.evaluation().prompts());
    settings.put("learner.evaluation.every", config.evaluation().every());
    settings.put("learner.ppo.epochs", receiver.epochs());
    settings.put("learner.ppo.minibatch-size", minibatchSize(config, receiver));
    settings.put("learner.ppo.micro-batch-size", minibatchSize(config, receiver));
    settings.put("learner.ppo.learning-rate", receiver.learningRate());
    return settings;
  }

  /** What scores, too. */
  static void addTo(
      ServiceSettings rewardService, ReceiverConfig receiver, RunDirectory run, Ports ports) {
    rewardService.put("mp.messaging.incoming.receiver-versions.enabled", true);
    rewardService.put("reward.receiver.run-id", runId(run));
    rewardService.put("reward.receiver.model", receiver.model());
    rewardService.put("reward.receiver.ema-service", ports.receiver().emaService());
    rewardService.put("reward.receiver.template", receiver.template());
    rewardService.put("reward.receiver.reference", receiver.reference());
    rewardService.put("reward.receiver.max-prompt-tokens", receiver.maxPromptTokens());
    rewardService.put("reward.receiver.max-new-tokens", receiver.maxNewTokens());
    rewardService.put("reward.receiver.fetch-timeout", TRANSFER);
    rewardService.put("reward.receiver.policy-timeout", PATIENCE);
  }

  /** Rollouts of one of its optimizer steps. */
  static int minibatchSize(RunConfig config, ReceiverConfig receiver) {
    Integer size = receiver.minibatchSize();
    return size == null ? config.rollout().perStep() : size;
  }

  /** Where what its learner tells is recorded. */
  static Path metrics(RunDirectory run) {
    return run.path().resolve("receiver-metrics.jsonl");
  }

  static Path samples(RunDirectory run) {
    return run.path().resolve("receiver-samples.jsonl");
  }
}
