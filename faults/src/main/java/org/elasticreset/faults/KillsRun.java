package org.elasticreset.faults;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The big one, by hand: a run that is killed over and over, and must end as if nothing had been.
 *
 * <p>Arguments: kills, training steps, seed of the schedule, folder.
 */
public final class KillsRun {
  private static final Duration LONGEST_DELAY = Duration.ofMillis(600);

  private KillsRun() {}

  /** Prints the table of faults; throws if a promise was broken. */
  public static void main(String... arguments) throws IOException, InterruptedException {
    int kills = Integer.parseInt(arguments[0]);
    int steps = Integer.parseInt(arguments[1]);
    long seed = Long.parseLong(arguments[2]);
    RunFiles files = RunFiles.write(Path.of(arguments[3]));
    Outcome undisturbed = undisturbed(files, steps);
    List<String> broken = new ArrayList<>();
    try (FaultyRun run = FaultyRun.startOnBroker(files, "killed-" + seed, steps, Map.of())) {
      run.awaitStep(1);
      Disturbance disturbance = new Disturbance(run);
      try {
        disturbance.follow(new FaultSchedule(seed, LONGEST_DELAY), kills);
        int exitCode = run.awaitEnd();
        if (exitCode != 0) {
          broken.add("exit code " + exitCode + "; " + run.hint());
        }
        broken.addAll(Promises.broken(run, undisturbed));
      } finally {
        FaultTable.lines(disturbance.suffered()).forEach(System.out::println);
      }
      if (disturbance.kills() < kills) {
        broken.add("the run ended after " + disturbance.kills() + " kills; give it more steps");
      }
      System.out.println(run.witness().end());
    }
    broken.forEach(System.out::println);
    if (!broken.isEmpty()) {
      throw new FaultyRunException(broken.size() + " promises were broken");
    }
    System.out.println("every promise was kept");
  }

  private static Outcome undisturbed(RunFiles files, int steps)
      throws IOException, InterruptedException {
    try (FaultyRun run = FaultyRun.start(files, "undisturbed", steps)) {
      int exitCode = run.awaitEnd();
      if (exitCode != 0) {
        throw new FaultyRunException("exit code " + exitCode + "; " + run.hint());
      }
      return Outcome.of(run.directory());
    }
  }
}
