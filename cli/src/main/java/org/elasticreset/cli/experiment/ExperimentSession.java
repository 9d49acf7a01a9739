package org.elasticreset.cli.experiment;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.elasticreset.cli.Installation;
import org.elasticreset.cli.Interruption;
import org.elasticreset.cli.InvalidInputException;
import org.elasticreset.cli.PlannedRun;
import org.elasticreset.cli.PlannedRun.State;
import org.elasticreset.cli.SharedBroker;
import org.elasticreset.cli.Terminal;

/** One call of {@code compare} or {@code sweep}: what is missing is run, what there is is kept. */
final class ExperimentSession {
  private final Installation installation;
  private final Experiment experiment;
  private final Parallelism parallelism;
  private final String again;
  private final Terminal terminal;
  private final Results results;

  /** Writes what the runs say together, be they finished or not. */
  interface Results {
    /** Writes everything anew, and returns the closing lines for a terminal. */
    List<String> write();
  }

  ExperimentSession(
      Installation installation,
      Experiment experiment,
      Parallelism parallelism,
      String again,
      Terminal terminal,
      Results results) {
    this.installation = installation;
    this.experiment = experiment;
    this.parallelism = parallelism;
    this.again = again;
    this.terminal = terminal;
    this.results = results;
  }

  /**
   * Runs, and writes the results behind every run.
   *
   * @param restarted arms whose runs are to begin anew
   * @return 0 if all runs have finished, 1 if one has failed, 130 if the launcher was told to stop
   */
  int run(List<String> restarted) {
    PlannedRun.requireBuilt(installation);
    try (Interruption interruption = Interruption.ofCurrentThread();
        AutoCloseable lock = experiment.directory().lock()) {
      requireUnchanged(restarted);
      return runUntilStopped(restarted, interruption);
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** The JVM waits for the interruption to be closed: what is said behind that may be lost. */
  private int runUntilStopped(List<String> restarted, Interruption interruption) {
    try {
      return run(restarted, interruption);
    } catch (InterruptedException e) {
      terminal.clearStatus();
      terminal.line("stopped; " + again + " goes on with it");
      return 130;
    }
  }

  private int run(List<String> restarted, Interruption interruption) throws InterruptedException {
    List<ArmRun> missing = new ArrayList<>();
    for (ArmRun run : experiment.runs()) {
      if (run.run().state() != State.FINISHED || restarted.contains(run.arm())) {
        missing.add(run);
      }
    }
    int kept = experiment.runCount() - missing.size();
    sayWhatIsThere(kept);
    List<String> failed = List.of();
    if (!missing.isEmpty()) {
      failed = run(missing, kept, restarted, interruption);
    }
    results.write().forEach(terminal::line);
    if (failed.isEmpty()) {
      experiment.directory().removeBrokerIfDone();
      return 0;
    }
    terminal.problem(
        "%d of %d runs failed: %s; once that is mended, %s goes on with them"
            .formatted(failed.size(), experiment.runCount(), String.join(", ", failed), again));
    return 1;
  }

  private List<String> run(
      List<ArmRun> missing, int kept, List<String> restarted, Interruption interruption)
      throws InterruptedException {
    ExperimentDirectory directory = experiment.directory();
    terminal.line(parallelism.why());
    try (SharedBroker broker =
        SharedBroker.open(
            missing.get(0).run(), directory.broker(), directory.brokerLog(), terminal)) {
      for (ArmRun run : missing) {
        if (restarted.contains(run.arm())) {
          run.run().remove(broker);
        }
      }
      ExperimentProgress progress =
          new ExperimentProgress(terminal, kept, missing, System::nanoTime);
      List<String> failed =
          new ExperimentRunner(installation, broker, progress, again, results::write)
              .run(missing, parallelism.runs(), interruption);
      terminal.clearStatus();
      return failed;
    }
  }

  private void sayWhatIsThere(int kept) {
    int runs = experiment.runCount();
    terminal.line(
        "%s: %d arms × %d seeds = %d runs%s"
            .formatted(
                experiment.directory().path(),
                experiment.arms().size(),
                experiment.seeds().size(),
                runs,
                kept == 0 ? "" : ", %d of them finished before".formatted(kept)));
    Set<String> known = new HashSet<>();
    experiment.runs().forEach(run -> known.add(run.name()));
    List<String> others =
        experiment.directory().existing().stream().filter(name -> !known.contains(name)).toList();
    if (!others.isEmpty()) {
      terminal.line(
          "left alone, for they are of no arm and seed here: " + String.join(", ", others));
    }
  }

  /** Runs of one arm with other settings, or of other prompts, could not be put together. */
  private void requireUnchanged(List<String> restarted) {
    for (String arm : restarted) {
      if (experiment.arms().stream().noneMatch(each -> each.name().equals(arm))) {
        throw InvalidInputException.of(
            "--restart-arm",
            arm,
            String.join(" | ", experiment.arms().stream().map(PlannedArm::name).toList()));
      }
    }
    for (ArmRun run : experiment.runs()) {
      if (restarted.contains(run.arm())) {
        continue;
      }
      for (Map.Entry<String, String> change : run.run().changes().entrySet()) {
        throw InvalidInputException.of(
            "arm " + run.arm() + ": " + change.getKey(),
            "was " + change.getValue(),
            "the settings that run %s began with; --restart-arm %s deletes the runs of the arm, another --output keeps them"
                .formatted(run.name(), run.arm()));
      }
      try {
        run.run().requireSameInputs();
      } catch (InvalidInputException e) {
        throw e.within("run " + run.name());
      }
    }
  }
}
