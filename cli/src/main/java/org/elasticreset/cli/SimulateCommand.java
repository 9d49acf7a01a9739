package org.elasticreset.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.elasticreset.cli.simulate.Observation;
import org.elasticreset.cli.simulate.SimulationReport;
import org.elasticreset.cli.simulate.ThroughputModel;
import org.elasticreset.cli.simulate.Workload;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code elastic-reset simulate}: the real services and a policy that is nothing but its time. */
@Command(
    name = "simulate",
    description =
        "Size a cluster: run the real services with simulated compute, and see where time goes.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    subcommands = SimulatePlanCommand.class)
final class SimulateCommand implements Callable<Integer> {
  @Mixin private SimulateOptions options = new SimulateOptions();

  @Option(names = "--steps", paramLabel = "N", description = "Training steps (default: 20).")
  private int steps = 20;

  @Option(
      names = "--warm-up-steps",
      paramLabel = "N",
      description = "The first of them, which are not measured (default: 5).")
  private int warmUpSteps = 5;

  @Option(names = "--seed", paramLabel = "N", description = "Everything random derives from it.")
  private long seed = 1;

  @Option(
      names = "--reset-every",
      paramLabel = "N",
      description = "Updates between resets, 0 for none (default: 15).")
  private int resetEvery = 15;

  @Option(
      names = "--bootstrap-servers",
      paramLabel = "HOST:PORT",
      description = "A broker that runs already (default: one is started).")
  private @Nullable String bootstrapServers;

  @Option(
      names = "--set",
      paramLabel = "key=value",
      description = "A setting of a run, such as checkpoint.every=10. Repeatable.")
  private List<String> assignments = List.of();

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "Name of the simulation and its folder (default: simulation and a number).")
  private @Nullable String name;

  @Mixin private RunsOption runs = new RunsOption();

  @Override
  public Integer call() {
    Workload work = options.workload();
    var cluster = options.cluster();
    var costs = options.costs();
    if (warmUpSteps < 0 || steps <= Math.max(1, warmUpSteps)) {
      throw InvalidInputException.of(
          "--steps", steps, "more than --warm-up-steps " + Math.max(1, warmUpSteps));
    }
    Surroundings surroundings = Surroundings.ofOneRun(Installation.current());
    RunConfig config = config(surroundings.installation());
    ServicePlan.requireBuilt(surroundings.installation());
    RunDirectory directory =
        RunDirectory.create(runs.folder().toAbsolutePath().normalize(), name, "simulation");
    try (Interruption interruption = Interruption.ofCurrentThread()) {
      Observation seen =
          new SimulatedRun(surroundings, directory, options, config, warmUpSteps).run();
      surroundings.terminal().clearStatus();
      SimulationReport report =
          new SimulationReport(
              work,
              cluster,
              seen,
              new ThroughputModel(costs).predict(work, cluster),
              ThroughputModel.ideal(work, cluster));
      write(directory.path().resolve("simulation.json"), report.json());
      write(directory.path().resolve("simulation.csv"), report.csv());
      report.lines().forEach(surroundings.terminal()::line);
      surroundings.terminal().line("written to " + directory.path());
      return 0;
    } catch (InterruptedException e) {
      return 130;
    } catch (ServiceEnded | ServiceMeters.Unanswered e) {
      surroundings.terminal().problem(String.valueOf(e.getMessage()));
      return 1;
    }
  }

  private RunConfig config(Installation installation) {
    List<String> all = new ArrayList<>();
    if (bootstrapServers != null) {
      all.add("kafka.bootstrap-servers=" + bootstrapServers);
    }
    all.addAll(assignments);
    return SimulatedServices.config(installation, options, steps, seed, resetEvery, all);
  }

  private static void write(Path file, String text) {
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
