package org.elasticreset.cli.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.elasticreset.cli.Installation;
import org.elasticreset.cli.PlannedRun.State;
import org.elasticreset.cli.Terminal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code elastic-reset compare}: arms × seeds, and what can be said of their differences. */
@Command(
    name = "compare",
    description = "Run several ways to train over several seeds, and compare them.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class CompareCommand implements Callable<Integer> {
  @Mixin private ExperimentOptions options = new ExperimentOptions();

  @Option(
      names = "--arms",
      paramLabel = "NAME",
      split = ",",
      description = "These of the file's arms only.")
  private List<String> arms = new ArrayList<>();

  @Option(
      names = "--restart-arm",
      paramLabel = "NAME",
      description = "Delete the runs of an arm, and begin them anew. Repeatable.")
  private List<String> restarted = new ArrayList<>();

  @Override
  public Integer call() {
    Installation installation = Installation.current();
    ExperimentFile file = ExperimentFile.read(options.file()).select(arms, options.seeds());
    String baseline = file.requireBaseline();
    ExperimentDirectory directory = options.directory();
    Experiment experiment =
        Experiment.plan(installation, file, file.arms(), options.assignments(), directory);
    Parallelism parallelism =
        Parallelism.of(options.parallel(), experiment.runs().get(0).run().needs());
    if (options.dryRun()) {
      print(experiment, baseline, parallelism);
      return 0;
    }
    String again =
        options.again("compare") + (arms.isEmpty() ? "" : " --arms " + String.join(",", arms));
    ComparisonFiles results = new ComparisonFiles(experiment, baseline, again);
    return new ExperimentSession(
            installation, experiment, parallelism, again, Terminal.current(), results)
        .run(restarted);
  }

  private static void print(Experiment experiment, String baseline, Parallelism parallelism) {
    System.out.println(parallelism.why());
    for (PlannedArm arm : experiment.arms()) {
      String words =
          arm.name().equals(baseline)
              ? "the baseline"
              : arm.differencesInWords(experiment.arm(baseline));
      System.out.println("arm " + arm.name() + ": " + words);
    }
    for (ArmRun run : experiment.runs()) {
      System.out.println(
          "run %s: %s".formatted(run.run().directory().path(), whatNext(run.run().state())));
    }
  }

  static String whatNext(State state) {
    return switch (state) {
      case ABSENT -> "would begin";
      case UNFINISHED -> "would go on";
      case FINISHED -> "has finished";
    };
  }
}
