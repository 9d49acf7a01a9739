package org.elasticreset.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.elasticreset.broker.KafkaTopics;
import org.elasticreset.cli.simulate.Observation;
import org.elasticreset.cli.simulate.Observation.Books;
import org.elasticreset.cli.simulate.Observation.Busy;
import org.elasticreset.cli.simulate.Observation.KafkaSeen;
import org.elasticreset.cli.simulate.Observation.WeightsSeen;
import org.elasticreset.proto.v1.Accounting;
import org.elasticreset.proto.v1.TrainingEvent;
import org.elasticreset.proto.v1.TrainingEvent.EventCase;
import org.jspecify.annotations.Nullable;

/** A simulation on this machine: a broker, the services beside it, and what is seen of them. */
final class SimulatedRun {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration PROBE_EVERY = Duration.ofSeconds(5);
  private static final long SAMPLE_NANOS = 500_000_000;
  private static final List<String> PHASES =
      List.of("waiting", "evaluating", "optimising", "uploading", "checkpointing");

  private final Surroundings surroundings;
  private final RunDirectory directory;
  private final SimulateOptions options;
  private final RunConfig config;
  private final int warmUpSteps;

  private final Map<String, Double> lagSums = new HashMap<>();
  private int samples;
  private int resets;
  private int restarts;
  private int deadLetters;
  private @Nullable Moment warm;

  /** Counters when a step was done. */
  private record Moment(long nanos, ServiceMeters meters, long topicBytes, double ownCpu) {}

  /**
   * @param warmUpSteps that are run and not counted, fewer than all
   */
  SimulatedRun(
      Surroundings surroundings,
      RunDirectory directory,
      SimulateOptions options,
      RunConfig config,
      int warmUpSteps) {
    this.surroundings = surroundings;
    this.directory = directory;
    this.options = options;
    this.config = config;
    this.warmUpSteps = warmUpSteps;
  }

  /**
   * Runs to the end of the last step. Whatever happens, no process of it is left when this returns.
   *
   * @throws ServiceEnded if a service cannot be kept up
   * @throws ServiceMeters.Unanswered if one does not say what it has counted
   * @throws InterruptedException if the launcher is told to stop
   */
  Observation run() throws InterruptedException {
    directory.createFolders();
    try (RunBroker broker =
        RunBroker.open(
            config.kafka(), directory.kafka(), directory.log("broker"), surroundings.terminal())) {
      KafkaAccess kafka = broker.access();
      KafkaTopics.create(kafka.client(), directory.name(), options.partitions());
      SimulatedServices simulated =
          SimulatedServices.prepare(
              surroundings.installation(), directory, options, config, kafka.bootstrapServers());
      try (KafkaTrainingEvents events = new KafkaTrainingEvents(kafka, directory.name());
          TopicGauges topics = new TopicGauges(kafka, directory.name());
          ServiceGroup services = ServiceGroup.start(simulated.specs())) {
        RunProgress progress =
            new RunProgress(
                surroundings.terminal(), directory.path(), config.steps(), System::nanoTime);
        Supervision supervision =
            new Supervision(
                services, progress, config.startTimeout(), PROBE_EVERY, service -> restarts++);
        return observe(events, topics, simulated, supervision);
      } finally {
        broker.forget(directory.name());
      }
    } finally {
      directory.removeScratch();
      RunDirectory.removeTree(directory.state());
    }
  }

  private Observation observe(
      KafkaTrainingEvents events,
      TopicGauges topics,
      SimulatedServices simulated,
      Supervision supervision)
      throws InterruptedException {
    long nextSample = System.nanoTime();
    Moment last = null;
    while (true) {
      List<ServiceProcess> dead = supervision.dead();
      for (TrainingEvent event : events.poll(POLL)) {
        if (event.getEventCase() == EventCase.TRAINING_STEP) {
          supervision.stepDone(event.getStep());
          surroundings.terminal().status("step " + event.getStep() + " of " + config.steps());
          if (event.getStep() == Math.max(1, warmUpSteps)) {
            warm = moment(topics, simulated);
          } else if (event.getStep() == config.steps()) {
            last = moment(topics, simulated);
          }
        } else if (event.getEventCase() == EventCase.RESET) {
          resets++;
        } else if (event.getEventCase() == EventCase.RUN_ENDED && warm != null && last != null) {
          return observation(simulated, warm, last, event.getRunEnded().getAccounting());
        }
      }
      deadLetters += events.deadLetters().size();
      supervision.tend(dead);
      if (System.nanoTime() - nextSample >= 0 && warm != null && last == null) {
        nextSample = System.nanoTime() + SAMPLE_NANOS;
        sample(topics);
      }
    }
  }

  private Moment moment(TopicGauges topics, SimulatedServices simulated)
      throws InterruptedException {
    // The time of the step, before what asking for the rest takes.
    long now = System.nanoTime();
    double cpu =
        ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
    return new Moment(now, ServiceMeters.read(allPorts(simulated)), topics.bytes(), cpu);
  }

  private static List<Integer> allPorts(SimulatedServices simulated) {
    List<Integer> all = new ArrayList<>(simulated.ports().rolloutHttp());
    all.addAll(simulated.scorerPorts());
    all.add(simulated.ports().learnerHttp());
    all.add(simulated.ports().emaHttp());
    return all;
  }

  private void sample(TopicGauges topics) throws InterruptedException {
    samples++;
    lagSums.merge("prompts", (double) topics.lag("rollout-service", "prompts"), Double::sum);
    lagSums.merge("rollouts", (double) topics.lag("reward-service", "rollouts"), Double::sum);
  }

  private Observation observation(
      SimulatedServices simulated, Moment from, Moment to, Accounting accounting) {
    int steps = config.steps() - Math.max(1, warmUpSteps);
    long rollouts = (long) steps * options.promptsPerStep();
    Ports ports = simulated.ports();
    Gained gained = new Gained(from, to);
    List<Integer> learner = List.of(ports.learnerHttp());
    List<Integer> ema = List.of(ports.emaHttp());
    Map<String, Double> phases = new HashMap<>();
    for (String phase : PHASES) {
      String meter = "learner_phase_seconds_total{phase=\"" + phase + "\"}";
      phases.put(phase, gained.of(learner, meter) / steps);
    }
    Map<String, Double> lags = new HashMap<>();
    lagSums.forEach((group, sum) -> lags.put(group, sum / samples));
    double fetches = gained.of(ports.rolloutHttp(), "policy_fetch_seconds_count");
    return new Observation(
        steps,
        gained.seconds(),
        rollouts,
        phases,
        Map.of(
            "workers", gained.busy(ports.rolloutHttp(), "rollout_generation_seconds"),
            "scorers", gained.busy(simulated.scorerPorts(), "reward_scoring_seconds")),
        Map.of(
            "workers", gained.cpu(ports.rolloutHttp()) / rollouts,
            "scorers", gained.cpu(simulated.scorerPorts()) / rollouts,
            "learner", gained.cpu(learner) / rollouts,
            "average", gained.cpu(ema) / rollouts,
            "launcher and its broker", (to.ownCpu() - from.ownCpu()) / rollouts),
        new WeightsSeen(
            gained.of(ports.rolloutHttp(), "policy_fetch_seconds_sum") / Math.max(1, fetches),
            fetches,
            gained.of(ema, "ema_sent_bytes_total"),
            gained.of(ema, "ema_received_bytes_total"),
            gained.mean(ema, "ema_update_seconds"),
            gained.mean(ema, "ema_snapshot_seconds")),
        new KafkaSeen(to.topicBytes() - from.topicBytes(), lags),
        new Books(
            accounting.getAdmitted(),
            accounting.getReceived(),
            accounting.getTrained(),
            accounting.getDroppedMap().values().stream().mapToLong(Long::longValue).sum(),
            resets,
            restarts,
            deadLetters));
  }

  /** Between two moments. */
  private record Gained(Moment from, Moment to) {
    double seconds() {
      return (to.nanos() - from.nanos()) / 1e9;
    }

    double of(List<Integer> ports, String meter) {
      return to.meters().gained(from.meters(), ports, meter);
    }

    double mean(List<Integer> ports, String timer) {
      return of(ports, timer + "_sum") / Math.max(1, of(ports, timer + "_count"));
    }

    double cpu(List<Integer> ports) {
      return of(ports, "process_cpu_time_ns_total") / 1e9;
    }

    Busy busy(List<Integer> ports, String timer) {
      return new Busy(
          ports.size(),
          of(ports, timer + "_sum") / (ports.size() * seconds()),
          mean(ports, timer),
          of(ports, timer + "_count"));
    }
  }
}
