package org.elasticreset.cli;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.elasticreset.cli.RunConfig.Deliver;
import org.elasticreset.cli.RunConfig.ReceiverConfig;

/** Which processes a run consists of, and how each is started. */
final class ServicePlan {
  private final Installation installation;
  private final RunDirectory directory;
  private final RunConfig config;
  private final Ports ports;
  private final long trainedMebibytes;

  private ServicePlan(
      Installation installation, RunDirectory directory, RunConfig config, Ports ports) {
    this.installation = installation;
    this.directory = directory;
    this.config = config;
    this.ports = ports;
    PolicyDirectory policy = PolicyDirectory.open("policy", config.policy());
    long ofPolicy = policy.decoder().trainedBytes(policy.lora(config.lora()));
    long ofReceiver =
        config.receiver() == null
            ? 0
            : PolicyDirectory.open("receiver.model", config.receiver().model())
                .decoder()
                .trainedBytes(Optional.empty());
    this.trainedMebibytes = Math.max(ofPolicy, ofReceiver) >> 20;
  }

  /** Writes what the services read, and returns what to fork. */
  static List<ServiceSpec> prepare(
      Installation installation, RunDirectory directory, RunConfig config, Ports ports) {
    ServicePlan plan = new ServicePlan(installation, directory, config, ports);
    ParentWatchJar.write(agent(directory));
    return plan.services();
  }

  private List<ServiceSpec> services() {
    String runId = directory.name();
    List<ServiceSpec> specs = new ArrayList<>();
    specs.add(
        service(
            "ema-service",
            "ema-service",
            ServiceSettings.emaService(config, directory, ports),
            1,
            ports.emaHttp()));
    specs.add(
        service(
            "learner-service",
            "learner-service",
            ServiceSettings.learnerService(config, directory, ports),
            config.learner().threads(),
            ports.learnerHttp()));
    specs.add(
        service(
            "reward-service",
            "reward-service",
            ServiceSettings.rewardService(config, directory, ports),
            config.reward().threads(),
            ports.rewardHttp()));
    for (int worker = 1; worker <= config.rollout().workers(); worker++) {
      specs.add(
          service(
              "rollout-service",
              "rollout-service-" + worker,
              ServiceSettings.rolloutService(config, runId, worker, ports),
              config.rollout().threads(),
              ports.rolloutHttp().get(worker - 1)));
    }
    if (config.receiver() != null) {
      specs.addAll(receiverServices(config.receiver()));
    }
    return specs;
  }

  private List<ServiceSpec> receiverServices(ReceiverConfig receiver) {
    return List.of(
        service(
            "ema-service",
            "receiver-ema-service",
            ReceiverServices.emaService(receiver, directory, ports),
            1,
            ports.receiver().emaHttp()),
        service(
            "learner-service",
            "receiver-learner-service",
            ReceiverServices.learnerService(config, receiver, directory, ports),
            receiver.threads(),
            ports.receiver().learnerHttp()));
  }

  private ServiceSpec service(
      String service, String process, ServiceSettings settings, int threads, int httpPort) {
    config.tracing().addTo(settings, service, process);
    return spec(
        installation.serviceJar(service),
        directory,
        process,
        settings,
        threads,
        httpPort,
        heapMebibytes());
  }

  /** One process beside this one, which ends with it: {@link ParentWatchJar} must be there. */
  static ServiceSpec spec(
      Path jar,
      RunDirectory directory,
      String process,
      ServiceSettings settings,
      int threads,
      int httpPort,
      long heapMebibytes) {
    Path home = directory.scratch().resolve(process);
    Path properties = home.resolve("service.properties");
    settings.write(properties);
    return new ServiceSpec(
        process,
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx" + heapMebibytes + "m",
            "-XX:+UseSerialGC",
            // Native code does the work, and by default a run's first minute is spent on compiling.
            "-XX:CompileThresholdScaling=5",
            // The JVM's own exit code for this, 3, would say that training diverged.
            "-XX:OnOutOfMemoryError=kill -9 %p",
            "-XX:+ExitOnOutOfMemoryError",
            "-javaagent:" + agent(directory),
            "-Dquarkus.config.locations=" + properties.toUri(),
            "-jar",
            jar.toString()),
        // Threads that spin while they wait would take the cores from the other services.
        Map.of(
            "OMP_WAIT_POLICY", "PASSIVE",
            "GOMP_SPINCOUNT", "0",
            "OMP_NUM_THREADS", String.valueOf(threads),
            // The engine's tensors come and go: their memory stays here instead of going back to
            // the kernel, which would clear each page again for the next.
            "MALLOC_MMAP_THRESHOLD_", String.valueOf(32 << 20),
            "MALLOC_TRIM_THRESHOLD_", String.valueOf(256 << 20)),
        home,
        directory.log(process),
        URI.create("http://127.0.0.1:" + httpPort + "/q/health/ready"));
  }

  /**
   * Enough for the copies of what travels that the ema-service asks for, 7 and those it serves,
   * with room for the collector; and for a tokenizer of some hundred thousand tokens. What the
   * engine holds is outside the heap.
   */
  private long heapMebibytes() {
    int served = config.ema().keepVersions() * (config.deliver() == Deliver.AVERAGE ? 2 : 1);
    return 512 + (long) (8 + served) * trainedMebibytes;
  }

  static Path agent(RunDirectory directory) {
    return directory.scratch().resolve("parent-watch.jar");
  }

  /**
   * Fails where a service has not been built.
   *
   * @throws InvalidInputException naming the jar and the command that makes it
   */
  static void requireBuilt(Installation installation) {
    for (String service : Installation.SERVICES) {
      Path jar = installation.serviceJar(service);
      if (!Files.isRegularFile(jar)) {
        throw InvalidInputException.of(
            service, jar, "a built service; run mvn -Dquick -DskipTests package");
      }
    }
  }
}
