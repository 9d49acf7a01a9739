package org.elasticreset.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Something that befalls a run at one instant. */
interface Fault {
  /** In words, the same for all of a kind: a row of the table in docs/reliability.md. */
  String kind();

  /** Makes it happen. */
  void inflict(FaultyRun run) throws InterruptedException;

  /** Processes that it kills. */
  default int kills() {
    return 0;
  }

  /** SIGKILL of one service, or of several at once. */
  record Kill(List<String> services) implements Fault {
    public Kill {
      services = List.copyOf(services);
    }

    @Override
    public String kind() {
      return services.size() == 1 ? "SIGKILL of " + services.get(0) : "SIGKILL of two at once";
    }

    @Override
    public void inflict(FaultyRun run) throws InterruptedException {
      List<Long> pids = new ArrayList<>();
      for (String service : services) {
        pids.add(run.awaitPid(service));
      }
      pids.forEach(Signals.KILL::send);
    }

    @Override
    public int kills() {
      return services.size();
    }
  }

  /** SIGSTOP of a service, and SIGCONT after a while. */
  record Pause(String service, Duration length) implements Fault {
    @Override
    public String kind() {
      return "SIGSTOP of " + service;
    }

    @Override
    public void inflict(FaultyRun run) throws InterruptedException {
      long pid = run.awaitPid(service);
      Signals.STOP.send(pid);
      Thread.sleep(length.toMillis());
      Signals.CONT.send(pid);
    }
  }

  /** SIGTERM of a service, as a rolling restart sends it. */
  record Stop(String service) implements Fault {
    @Override
    public String kind() {
      return "SIGTERM of " + service;
    }

    @Override
    public void inflict(FaultyRun run) throws InterruptedException {
      Signals.TERM.send(run.awaitPid(service));
    }
  }

  /** SIGKILL of the broker, which is started again on its directory after a while. */
  record KillBroker(Duration down) implements Fault {
    @Override
    public String kind() {
      return "SIGKILL of the broker";
    }

    @Override
    public void inflict(FaultyRun run) throws InterruptedException {
      run.broker().kill();
      Thread.sleep(down.toMillis());
      run.broker().startAgain();
    }

    @Override
    public int kills() {
      return 1;
    }
  }

  /** SIGKILL of the launcher, and {@code resume}. */
  record KillLauncher() implements Fault {
    @Override
    public String kind() {
      return "SIGKILL of the launcher, then resume";
    }

    @Override
    public void inflict(FaultyRun run) throws InterruptedException {
      run.killLauncher();
      run.resume();
    }

    @Override
    public int kills() {
      return 1;
    }
  }
}
