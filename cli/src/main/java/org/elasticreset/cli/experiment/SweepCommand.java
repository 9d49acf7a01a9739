package org.elasticreset.cli.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.elasticreset.cli.Installation;
import org.elasticreset.cli.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code elastic-reset sweep}: what settings matter, over a grid or an even sample of them. */
@Command(
    name = "sweep",
    description = "Run combinations of settings over several seeds, and say which of them matter.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class SweepCommand implements Callable<Integer> {
  @Mixin private ExperimentOptions options = new ExperimentOptions();

  @Option(
      names = "--restart-cell",
      paramLabel = "NAME",
      description = "Delete the runs of a combination, and begin them anew. Repeatable.")
  private List<String> restarted = new ArrayList<>();

  @Override
  public Integer call() {
    Installation installation = Installation.current();
    ExperimentFile file = ExperimentFile.read(options.file()).select(List.of(), options.seeds());
    SweepPlan plan = SweepPlan.read(file);
    Experiment experiment =
        Experiment.plan(
            installation, file, plan.arms(), options.assignments(), options.directory());
    Parallelism parallelism =
        Parallelism.of(options.parallel(), experiment.runs().get(0).run().needs());
    if (options.dryRun()) {
      System.out.println(parallelism.why());
      for (ArmRun run : experiment.runs()) {
        System.out.println(
            "run %s: %s"
                .formatted(
                    run.run().directory().path(), CompareCommand.whatNext(run.run().state())));
      }
      return 0;
    }
    String again = options.again("sweep");
    return new ExperimentSession(
            installation,
            experiment,
            parallelism,
            again,
            Terminal.current(),
            new SweepFiles(experiment, plan, again))
        .run(restarted);
  }
}
