package org.elasticreset.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One run of an experiment: its settings, resolved, and its directory, which {@code resume}, {@code
 * report} and {@code export} take like any other.
 */
public final class PlannedRun {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** They may change between two lives of an experiment: no figure hangs on them. */
  private static final List<String> INCIDENTAL =
      List.of("kafka.port", "kafka.bootstrap-servers", "start-timeout");

  private final RunConfig config;
  private final RunDirectory directory;
  private final String preset;

  /** How far a run has come. */
  public enum State {
    ABSENT,
    UNFINISHED,
    FINISHED
  }

  private PlannedRun(RunConfig config, RunDirectory directory, String preset) {
    this.config = config;
    this.directory = directory;
    this.preset = preset;
  }

  /** Names of the settings and groups of settings that a run file may begin with. */
  public static List<String> settingNames() {
    return Arrays.stream(RunConfig.class.getRecordComponents())
        .map(RecordComponent::getName)
        .map(Settings::kebab)
        .toList();
  }

  /** What is said of a setting that is none of those. */
  public static InvalidInputException unknown(String key, List<String> known) {
    return KnownKeys.unknown(key, known);
  }

  /** Defaults, and what a preset says over them: the layers below those of an experiment. */
  public static Settings start(Installation installation, @Nullable String preset) {
    return RunConfigSources.start(installation, preset);
  }

  /**
   * Binds the settings of a run.
   *
   * @param directory of the run; its last name is the run's
   * @throws InvalidInputException if a setting is unknown, missing or out of range
   */
  public static PlannedRun of(Settings settings, Path directory, @Nullable String preset) {
    settings.set("name", String.valueOf(directory.getFileName()), directory);
    return new PlannedRun(
        RunConfigSources.bind(settings, NamedModels.ofEnvironment()),
        new RunDirectory(directory),
        Objects.requireNonNullElse(preset, "none"));
  }

  /**
   * Checks the settings against one another and against this machine.
   *
   * @throws InvalidInputException naming the first setting that cannot work
   */
  public void check() {
    Preflight.check(config);
  }

  /**
   * Takes a lock, so that no second launcher works on the same runs.
   *
   * @param folder where its file lies
   * @param shown what a user would call that folder
   */
  public static AutoCloseable lock(Path folder, Path shown) {
    return RunLock.take(folder, "--output", shown, "the folder of an experiment");
  }

  /** Fails where a service has not been built. */
  public static void requireBuilt(Installation installation) {
    ServicePlan.requireBuilt(installation);
  }

  public String name() {
    return directory.name();
  }

  public RunDirectory directory() {
    return directory;
  }

  public int steps() {
    return config.steps();
  }

  RunConfig.KafkaConfig kafka() {
    return config.kafka();
  }

  public RunNeeds needs() {
    return RunNeeds.of(config);
  }

  /** ηⁿ at a reset of a fixed interval; empty where none is fixed. */
  public OptionalDouble initialShareAtReset() {
    return InitialShare.atReset(config);
  }

  /** The settings as {@code config.yaml} has them. */
  public String yaml() {
    return SettingsText.yaml(config);
  }

  /** Every setting by its dotted name; absent ones are left out. */
  public SortedMap<String, String> settings() {
    return flat(config);
  }

  /** Every setting by its dotted name; absent ones are left out. */
  static SortedMap<String, String> flat(RunConfig config) {
    JsonNode tree = JSON.valueToTree(SettingsText.tree(config));
    SortedMap<String, String> flat = new TreeMap<>();
    Settings.flat(tree)
        .forEach(
            (key, value) -> {
              if (!value.isNull() && !(value.isContainerNode() && value.isEmpty())) {
                flat.put(key, value.isValueNode() ? value.asText() : value.toString());
              }
            });
    return flat;
  }

  /** What its directory says. */
  public State state() {
    if (!Files.isRegularFile(directory.config()) || !Files.isRegularFile(directory.summary())) {
      return State.ABSENT;
    }
    try {
      return RunSummary.read(directory.summary()).hasFinished() ? State.FINISHED : State.UNFINISHED;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The settings that are not those that the run began with, by name: what they were, and are.
   *
   * @return empty for a run that has not begun
   */
  public SortedMap<String, String> changes() {
    if (state() == State.ABSENT) {
      return new TreeMap<>();
    }
    Map<String, String> before = flat(RunConfigSources.recorded(directory.config()));
    Map<String, String> now = settings();
    TreeSet<String> keys = new TreeSet<>(before.keySet());
    keys.addAll(now.keySet());
    INCIDENTAL.forEach(keys::remove);
    keys.removeIf(key -> key.startsWith("tracking."));
    SortedMap<String, String> changes = new TreeMap<>();
    for (String key : keys) {
      String then = before.getOrDefault(key, "absent");
      String today = now.getOrDefault(key, "absent");
      if (!then.equals(today)) {
        changes.put(key, then + ", now " + today);
      }
    }
    return changes;
  }

  /**
   * Compares the files that the run learns from with those that it began with.
   *
   * @throws InvalidInputException naming the first file that has changed or is gone
   */
  public void requireSameInputs() {
    Path noted = RunVersions.inputs(directory);
    if (Files.isRegularFile(noted)) {
      RunInputs.requireUnchanged(noted);
    }
  }

  /**
   * Lives, from the beginning or on from where it was: to its end, or until the thread is
   * interrupted. What it has to say goes to {@code logs/progress.log} of its directory.
   *
   * @param broker shared with others
   * @param goOn the command that goes on with it
   * @return exit code that a launcher of this run alone would have
   */
  public int live(
      Installation installation, SharedBroker broker, String goOn, Interruption interruption) {
    State state = state();
    if (state == State.FINISHED) {
      return 0;
    }
    if (state == State.ABSENT) {
      remove(broker);
      RunDirectory.create(directory.path().resolveSibling(""), name(), preset);
      directory.createFolders();
      broker.keepTopicsOf(directory);
    }
    try (RunProtocol protocol = RunProtocol.open(directory)) {
      Surroundings surroundings =
          new Surroundings(installation, protocol.terminal(), broker.access(), goOn);
      int exitCode =
          state == State.ABSENT
              ? RunEntry.begin(surroundings, config, directory, preset, interruption)
              : RunEntry.goOn(surroundings, directory, interruption);
      if (exitCode == 0) {
        broker.forget(name());
      }
      return exitCode;
    }
  }

  /** Removes the run, its directory and its topics. */
  public void remove(SharedBroker broker) {
    broker.forget(name());
    RunDirectory.removeTree(directory.path());
  }
}
