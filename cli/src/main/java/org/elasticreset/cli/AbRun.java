package org.elasticreset.cli;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.elasticreset.broker.KafkaTopics;
import org.elasticreset.cli.ab.AbEvent;
import org.elasticreset.cli.ab.AbFiles;
import org.elasticreset.cli.ab.AbLoop;
import org.elasticreset.cli.ab.AbTopics;
import org.elasticreset.cli.ab.Arm;
import org.elasticreset.cli.ab.CsvOutcomes;
import org.elasticreset.cli.ab.Experiment;
import org.elasticreset.cli.ab.NextStep;
import org.elasticreset.cli.ab.Requests;
import org.elasticreset.proto.v1.Sampling;
import org.jspecify.annotations.Nullable;

/** An experiment on this machine: the broker, a worker for each policy, a scorer, and the loop. */
final class AbRun {
  private static final Duration PROBE_EVERY = Duration.ofSeconds(5);
  private static final long FILES_EVERY_NANOS = Duration.ofSeconds(10).toNanos();
  private static final int HEAP_MEBIBYTES = 768;

  private final Installation installation;
  private final AbSettings settings;
  private final RunDirectory directory;
  private final Terminal terminal = Terminal.current();

  AbRun(Installation installation, AbSettings settings, RunDirectory directory) {
    this.installation = installation;
    this.settings = settings;
    this.directory = directory;
  }

  /**
   * Runs until the verdict. Whatever happens, no process is left when this returns.
   *
   * @throws ServiceEnded if a service cannot be kept up
   * @throws InterruptedException if the launcher is told to stop; the experiment can go on
   */
  AbEvent run() throws InterruptedException {
    try (RunBroker broker =
            RunBroker.open(settings.kafka(), directory.kafka(), directory.log("broker"), terminal);
        InitialPolicy initial = InitialPolicy.open(settings)) {
      Map<String, Object> client = broker.access().client();
      KafkaTopics.createLive(client, settings.name());
      try (AbTopics topics = new AbTopics(client, settings.name())) {
        String digestOfB = PolicyDigest.of(settings.b()).sha256();
        Map<Arm, String> digests =
            Map.of(Arm.A, PolicyDigest.of(settings.a()).sha256(), Arm.B, digestOfB);
        AbLoop loop = new AbLoop(setup(initial, digests), topics);
        NextStep next = Shipping.of(settings.b(), digestOfB, directory);
        AbFiles files = new AbFiles(directory.path(), settings.rules(), next);
        AbEvent earlier = loop.experiment().verdict().orElse(null);
        if (earlier != null) {
          return tell(earlier, files);
        }
        terminal.line(
            "broker %s, topics %s.requests, .responses, .outcomes"
                .formatted(broker.access().bootstrapServers(), settings.name()));
        try (ServiceGroup services = ServiceGroup.start(services(broker.access()))) {
          return follow(loop, files, services);
        }
      }
    } finally {
      directory.removeScratch();
    }
  }

  private AbLoop.Setup setup(InitialPolicy initial, Map<Arm, String> digests) {
    return new AbLoop.Setup(
        settings.name(),
        settings.rules(),
        Map.of(Arm.A, sampling(settings.a()), Arm.B, sampling(settings.b())),
        digests,
        settings.rollout().batchSize(),
        settings.seed(),
        initial,
        Clock.systemUTC());
  }

  private Sampling sampling(Path policy) {
    Sampling.Builder sampling =
        Sampling.newBuilder()
            .setTemperature((float) settings.sampling().temperature())
            .setTopK(settings.sampling().topK())
            .setTopP((float) settings.sampling().topP())
            .setMaxNewTokens(settings.sampling().maxNewTokens())
            .setMaxPromptTokens(settings.sampling().maxPromptTokens());
    if (settings.sampling().stopAtEos()) {
      sampling.addAllStopTokens(PolicyDirectory.open("policy", policy).config().endTokens());
    }
    return sampling.build();
  }

  private List<ServiceSpec> services(KafkaAccess kafka) {
    ParentWatchJar.write(ServicePlan.agent(directory));
    Deque<Integer> ports = Ports.free(3);
    List<ServiceSpec> specs = new ArrayList<>();
    for (Arm arm : Arm.values()) {
      int port = ports.remove();
      specs.add(
          ServicePlan.spec(
              installation.serviceJar("rollout-service"),
              directory,
              "rollout-service-" + arm.id(),
              ServiceSettings.fixedPolicy(settings, arm, kafka.bootstrapServers(), port),
              settings.rollout().threads(),
              port,
              HEAP_MEBIBYTES));
    }
    int port = ports.remove();
    specs.add(
        ServicePlan.spec(
            installation.serviceJar("reward-service"),
            directory,
            "reward-service",
            ServiceSettings.rewardService(settings, kafka.bootstrapServers(), port),
            settings.reward().threads(),
            port,
            HEAP_MEBIBYTES));
    return specs;
  }

  private AbEvent follow(AbLoop loop, AbFiles files, ServiceGroup services)
      throws InterruptedException {
    RunProgress progress = new RunProgress(terminal, directory.path(), 1, System::nanoTime);
    Supervision supervision =
        new Supervision(services, progress, settings.startTimeout(), PROBE_EVERY, name -> {});
    CsvOutcomes csv =
        settings.metric().from() == AbSettings.MetricConfig.From.CSV
            ? new CsvOutcomes(
                Objects.requireNonNull(settings.metric().csv()),
                settings.metric().idColumn(),
                settings.metric().valueColumn())
            : null;
    Map<String, String> pending =
        settings.requests() == null ? Map.of() : Requests.read(settings.requests());
    boolean asked = false;
    long written = System.nanoTime() - FILES_EVERY_NANOS;
    while (true) {
      supervision.tend(supervision.dead());
      for (AbEvent event : loop.step()) {
        terminal.line(words(event));
        if (event.endsIt()) {
          files.write(loop);
          return tell(event, files);
        }
      }
      supervision.stepDone(loop.experiment().counted().size());
      asked = asked || ask(loop, pending);
      feed(loop, csv);
      if (System.nanoTime() - written > FILES_EVERY_NANOS) {
        files.write(loop);
        written = System.nanoTime();
        status(loop.experiment());
      }
      AbEvent end = endOfReplay(loop, asked);
      if (end != null) {
        files.write(loop);
        return tell(end, files);
      }
    }
  }

  /** Asks as answers come, so that a stage can end before all is asked; true once all is. */
  private boolean ask(AbLoop loop, Map<String, String> pending) throws InterruptedException {
    if (settings.requests() == null || !loop.isAtEnd()) {
      return false;
    }
    int ahead = 4 * settings.rollout().batchSize();
    if (loop.experiment().unanswered() < ahead && !pending.isEmpty()) {
      List<String> ids = pending.keySet().stream().limit(ahead).toList();
      Map<String, String> next = new LinkedHashMap<>();
      ids.forEach(id -> next.put(id, Objects.requireNonNull(pending.remove(id))));
      loop.replay(next);
    }
    return pending.isEmpty();
  }

  private static void feed(AbLoop loop, @Nullable CsvOutcomes csv) throws InterruptedException {
    if (csv != null && loop.isAtEnd()) {
      loop.outcomes(csv.news());
    }
  }

  /** Of a replay that is over without a verdict: undecided. */
  private @Nullable AbEvent endOfReplay(AbLoop loop, boolean asked) {
    Experiment experiment = loop.experiment();
    if (settings.requests() == null || !asked || !loop.isAtEnd() || !experiment.isCaughtUp()) {
      return null;
    }
    return new AbEvent(
        "verdict",
        experiment.stage(),
        settings.rules().shares().get(experiment.stage()),
        experiment.counted().size(),
        "undecided",
        "the replay is over: " + experiment.test().decision().because(),
        Clock.systemUTC().millis());
  }

  private void status(Experiment experiment) {
    terminal.status(
        "stage %d (%s to B), %d requests, %d counted: %s"
            .formatted(
                experiment.stage() + 1,
                AbFiles.percent(settings.rules().shares().get(experiment.stage())),
                experiment.assigned(),
                experiment.counted().size(),
                experiment.test().decision().because()));
  }

  private static String words(AbEvent event) {
    return event.endsIt()
        ? "after %d answers: %s".formatted(event.units(), event.because())
        : "stage %d, %s to B, after %d answers: %s"
            .formatted(
                event.stage() + 1, AbFiles.percent(event.share()), event.units(), event.because());
  }

  private AbEvent tell(AbEvent verdict, AbFiles files) {
    terminal.line("verdict: " + verdict.verdict() + " (" + verdict.because() + ")");
    if (verdict.verdict().equals("ship")) {
      terminal.line(files.next().toString());
    }
    terminal.line("report: " + files.page());
    return verdict;
  }
}
