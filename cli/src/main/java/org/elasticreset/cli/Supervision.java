package org.elasticreset.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.elasticreset.cli.RestartPolicy.Decision;

/**
 * Keeps the services of a run up: waits until they are ready, and starts again what died. A service
 * that says of itself that it is down, since one of its channels has ended for good, is ended
 * first.
 */
final class Supervision {
  /** As often in a row as Kubernetes wants to hear it. */
  private static final int DOWN_IN_A_ROW = 3;

  private final ServiceGroup services;
  private final RunProgress progress;
  private final Duration startTimeout;
  private final Duration probeEvery;
  private final Consumer<String> onRestart;
  private final RestartPolicy policy = new RestartPolicy();

  /** Deaths that are decided on, and wait for their new start. */
  private final List<Restart> due = new ArrayList<>();

  /** Services that died and are not ready again yet. */
  private final Set<String> restarted = new HashSet<>();

  /** Services that said that they are down, and how often in a row. */
  private final Map<ServiceProcess, Integer> down = new HashMap<>();

  private final long begin = System.nanoTime();
  private long nextProbe = begin;
  private boolean ready;

  private record Restart(ServiceProcess dead, long atNanos) {}

  /**
   * Of services that have just been started.
   *
   * @param startTimeout longest time from the start of a service until it is ready
   * @param probeEvery time between two questions whether a service is down
   * @param onRestart hears the name of each service that is started again
   */
  Supervision(
      ServiceGroup services,
      RunProgress progress,
      Duration startTimeout,
      Duration probeEvery,
      Consumer<String> onRestart) {
    this.services = services;
    this.progress = progress;
    this.startTimeout = startTimeout;
    this.probeEvery = probeEvery;
    this.onRestart = onRestart;
  }

  void stepDone(long step) {
    policy.stepDone(step);
  }

  /** The services that are gone now. */
  List<ServiceProcess> dead() {
    return services.processes().stream().filter(process -> !process.isAlive()).toList();
  }

  /**
   * Does what there is to do now, and does not wait.
   *
   * @param dead services that are gone
   * @throws ServiceEnded if one must not be started again, or is not ready in time
   */
  void tend(List<ServiceProcess> dead) {
    for (ServiceProcess process : dead) {
      if (due.stream().noneMatch(restart -> restart.dead() == process)) {
        decide(process);
      }
    }
    startWhatIsDue();
    awaitReady();
    endWhatIsDown();
  }

  private void decide(ServiceProcess dead) {
    ServiceSpec spec = dead.spec();
    Decision decision = policy.died(spec.name(), dead.exitCode());
    if (decision instanceof Decision.GiveUp giveUp) {
      throw ServiceEnded.withExitCode(spec.name(), dead.exitCode(), giveUp.reason(), spec.log());
    } else if (decision instanceof Decision.StartAgain again) {
      progress.startingAgain(spec.name(), dead.exitCode(), again.delay());
      due.add(new Restart(dead, System.nanoTime() + again.delay().toNanos()));
    }
  }

  private void startWhatIsDue() {
    for (Restart restart : List.copyOf(due)) {
      if (restart.atNanos() - System.nanoTime() <= 0) {
        due.remove(restart);
        services.startAgain(restart.dead());
        restarted.add(restart.dead().spec().name());
        onRestart.accept(restart.dead().spec().name());
      }
    }
  }

  private void awaitReady() {
    if (ready && restarted.isEmpty()) {
      return;
    }
    List<ServiceProcess> waiting = services.waitingFor();
    waiting.forEach(this::requireInTime);
    if (!waiting.isEmpty()) {
      progress.waitingFor(waiting.stream().map(process -> process.spec().name()).toList());
    }
    for (ServiceProcess process : services.processes()) {
      if (!waiting.contains(process) && restarted.remove(process.spec().name())) {
        progress.readyAgain(process.spec().name(), process.age());
      }
    }
    if (!ready && waiting.isEmpty()) {
      ready = true;
      progress.ready(Duration.ofNanos(System.nanoTime() - begin));
    }
  }

  private void endWhatIsDown() {
    if (nextProbe - System.nanoTime() > 0) {
      return;
    }
    nextProbe = System.nanoTime() + probeEvery.toNanos();
    for (ServiceProcess process : services.processes()) {
      if (!process.isDown()) {
        down.remove(process);
      } else if (down.merge(process, 1, Integer::sum) == DOWN_IN_A_ROW) {
        progress.down(process.spec().name());
        down.remove(process);
        process.kill();
      }
    }
  }

  private void requireInTime(ServiceProcess process) {
    if (process.isAlive() && process.age().compareTo(startTimeout) > 0) {
      throw ServiceEnded.notReady(
          process.spec().name(), startTimeout.toSeconds(), process.spec().log());
    }
  }
}
