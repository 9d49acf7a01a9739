package org.elasticreset.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The processes of a simulation: the four services as a run has them, told to simulate what they
 * compute. Everything else is a run's: topics, batches, versions, resets, checkpoints.
 */
final class SimulatedServices {
  private static final int PROMPTS = 1024;
  private static final int LETTERS_PER_TOKEN = 4;
  private static final int HEAP_MEBIBYTES = 512;
  private static final int WORKER_HEAP_MEBIBYTES = 128;

  /** Copies of the weights: what the ema-service holds and serves; what a worker fetches. */
  private static final int COPIES = 12;

  private static final int WORKER_COPIES = 3;

  private final Installation installation;
  private final RunDirectory directory;
  private final SimulateOptions options;
  private final RunConfig config;
  private final Ports ports;
  private final List<Integer> scorerPorts;
  private final long mebibytes;

  private SimulatedServices(
      Installation installation,
      RunDirectory directory,
      SimulateOptions options,
      RunConfig config,
      String bootstrapServers) {
    this.installation = installation;
    this.directory = directory;
    this.options = options;
    this.config = config;
    Deque<Integer> free = Ports.free(3 + options.scorers() + options.workers());
    int emaHttp = free.remove();
    int emaGrpc = free.remove();
    int learnerHttp = free.remove();
    this.scorerPorts = take(free, options.scorers());
    this.ports =
        new Ports(
            bootstrapServers,
            emaHttp,
            emaGrpc,
            learnerHttp,
            scorerPorts.get(0),
            take(free, options.workers()),
            Ports.OfReceiver.NONE);
    this.mebibytes = options.parameters() * Float.BYTES >> 20;
  }

  /**
   * The settings of a run that is simulated.
   *
   * @param assignments of {@code --set}, over what the options say
   * @throws InvalidInputException naming what cannot be
   */
  static RunConfig config(
      Installation installation,
      SimulateOptions options,
      int steps,
      long seed,
      int resetEvery,
      List<String> assignments) {
    Path here = Path.of("").toAbsolutePath();
    Settings settings = RunConfigSources.start(installation, null);
    settings.set("steps=" + steps, here);
    settings.set("seed=" + seed, here);
    settings.set("policy=simulated", here);
    settings.set("prompts=simulated", here);
    settings.set("evaluation.prompts=simulated", here);
    settings.set("max-staleness=" + options.maxStaleness(), here);
    settings.set("rollout.batch-size=" + options.batch(), here);
    settings.set("rollout.per-step=" + options.promptsPerStep(), here);
    settings.set("sampling.max-new-tokens=" + options.maxNewTokens(), here);
    settings.set("sampling.max-prompt-tokens=" + options.promptTokens(), here);
    // One optimizer step a training step, so that its time is the step's.
    settings.set("ppo.epochs=1", here);
    settings.set("ppo.minibatch-size=" + options.promptsPerStep(), here);
    settings.set("ppo.micro-batch-size=" + options.promptsPerStep(), here);
    settings.set("ppo.learning-rate=0.01", here);
    if (resetEvery == 0) {
      settings.set("reset.trigger=on-request", here);
    } else {
      settings.set("reset.every=" + resetEvery, here);
    }
    assignments.forEach(assignment -> settings.set(assignment, here));
    RunConfig config = SettingsBinder.bind(settings, RunConfig.class);
    TracingConfig.check(config.tracing());
    return config;
  }

  /** Writes what the services read, and returns what to fork. */
  static SimulatedServices prepare(
      Installation installation,
      RunDirectory directory,
      SimulateOptions options,
      RunConfig config,
      String bootstrapServers) {
    ParentWatchJar.write(ServicePlan.agent(directory));
    return new SimulatedServices(installation, directory, options, config, bootstrapServers);
  }

  /** Ports on which their metrics are, in the order of {@link #specs}. */
  Ports ports() {
    return ports;
  }

  List<Integer> scorerPorts() {
    return scorerPorts;
  }

  List<ServiceSpec> specs() {
    List<ServiceSpec> specs = new ArrayList<>();
    specs.add(
        spec(
            "ema-service",
            "ema-service",
            ServiceSettings.emaService(config, directory, ports),
            ports.emaHttp()));
    specs.add(spec("learner-service", "learner-service", learner(), ports.learnerHttp()));
    for (int scorer = 1; scorer <= options.scorers(); scorer++) {
      String name = "reward-service-" + scorer;
      int port = scorerPorts.get(scorer - 1);
      specs.add(spec("reward-service", name, scorer(name, port), port));
    }
    for (int worker = 1; worker <= options.workers(); worker++) {
      int port = ports.rolloutHttp().get(worker - 1);
      specs.add(spec("rollout-service", "rollout-service-" + worker, worker(worker), port));
    }
    return specs;
  }

  private ServiceSettings learner() {
    ServiceSettings settings = ServiceSettings.learnerService(config, directory, ports);
    settings.put("learner.model", "simulated");
    settings.put("learner.simulated.parameters", options.parameters());
    settings.put("learner.simulated.optimizer-step-time", options.time("learn"));
    settings.putOnlyPath("learner.prompts", prompts());
    settings.leaveOut("learner.evaluation.prompts");
    return settings;
  }

  private ServiceSettings scorer(String name, int port) {
    ServiceSettings settings = new ServiceSettings(ports.bootstrapServers(), port);
    settings.put("reward.run-id", directory.name());
    settings.put("reward.scorers.simulated.type", "simulated");
    settings.put("reward.scorers.simulated.batch-time", options.time("score"));
    settings.put("mp.messaging.incoming.rollouts.group.instance.id", name);
    return settings;
  }

  private ServiceSettings worker(int worker) {
    ServiceSettings settings =
        ServiceSettings.rolloutService(config, directory.name(), worker, ports);
    settings.put("rollout.model", "simulated");
    settings.put("rollout.simulated.parameters", options.parameters());
    settings.put("rollout.simulated.batch-time", options.time("generate"));
    settings.put("rollout.simulated.token-time", options.time("token"));
    settings.put("rollout.simulated.response-tokens", options.responseTokens());
    return settings;
  }

  private ServiceSpec spec(String service, String process, ServiceSettings settings, int httpPort) {
    boolean worker = service.equals("rollout-service");
    long heap =
        worker
            ? WORKER_HEAP_MEBIBYTES + WORKER_COPIES * mebibytes
            : HEAP_MEBIBYTES + COPIES * mebibytes;
    config.tracing().addTo(settings, service, process);
    return ServicePlan.spec(
        installation.serviceJar(service), directory, process, settings, 1, httpPort, heap);
  }

  /** As many different prompts as a step of a usual size has, of the wanted length. */
  private @Nullable Path prompts() {
    Path file = directory.scratch().resolve("prompts.txt");
    int letters = options.promptTokens() * LETTERS_PER_TOKEN;
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < PROMPTS; i++) {
      StringBuilder line = new StringBuilder("prompt " + i);
      while (line.length() < letters) {
        line.append(" of some length");
      }
      lines.append(line, 0, Math.max(letters, 11)).append('\n');
    }
    try {
      Files.writeString(file, lines);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return file;
  }

  private static List<Integer> take(Deque<Integer> free, int count) {
    List<Integer> taken = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      taken.add(free.remove());
    }
    return List.copyOf(taken);
  }
}
