package org.elasticreset.cli;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.elasticreset.cli.RunConfig.KafkaConfig;
import org.elasticreset.cli.RunConfig.SamplingConfig;
import org.elasticreset.cli.RunConfig.ScorerConfig;
import org.elasticreset.cli.ab.AbRules;
import org.elasticreset.evidence.AbPlan;
import org.elasticreset.evidence.TwoArmEffect;
import org.jspecify.annotations.Nullable;

/** Every setting of {@code elastic-reset ab}; {@code ab-defaults.yaml} says what each means. */
record AbSettings(
    @Expected("a name for the experiment") String name,
    @Expected("the policy in production") Path a,
    @Expected("the candidate") Path b,
    @Nullable @Expected("the policy that training began with") Path initial,
    @Nullable @Expected("a file of prompts") Path requests,
    @Expected("a list such as [0.01, 0.1, 0.5]") List<String> stages,
    @Expected("stage-minimum >= 1") int stageMinimum,
    MetricConfig metric,
    TestConfig test,
    GuardConfig guards,
    SamplingConfig sampling,
    ScoringConfig reward,
    AnsweringConfig rollout,
    boolean chat,
    @Expected("auto, cpu or cuda:N") String device,
    long seed,
    Duration answerTimeout,
    Duration startTimeout,
    KafkaConfig kafka) {

  /** The user's own. */
  record MetricConfig(
      From from,
      @Nullable @Expected("a CSV file") Path csv,
      String idColumn,
      String valueColumn,
      Better better,
      @Nullable @Expected("a list such as [0, 1]") List<String> bounds,
      @Nullable Double absent,
      Duration window) {
    enum From {
      TOPIC,
      CSV,
      JUDGE
    }

    enum Better {
      HIGHER,
      LOWER
    }
  }

  record TestConfig(
      @Expected("0 < alpha < 0.5") double alpha,
      @Expected("smallest-effect >= 0") double smallestEffect,
      @Expected("minimum >= 2") int minimum,
      @Expected("planned >= 4") int planned,
      @Nullable @Expected("limit >= 1") Integer limit) {}

  record GuardConfig(
      @Nullable @Expected("reward-margin >= 0") Double rewardMargin,
      @Nullable @Expected("drift-limit-nats >= 0") Double driftLimitNats) {}

  record ScoringConfig(
      @Expected("threads >= 1") int threads,
      Map<String, ScorerConfig> scorers,
      @Nullable ScorerConfig judge) {}

  record AnsweringConfig(
      @Expected("batch-size >= 1") int batchSize, @Expected("threads >= 1") int threads) {}

  /**
   * Reads defaults, file and {@code --set}; models of the Hub are fetched, and runs that have ended
   * stand for the policy that they left.
   */
  static AbSettings read(Path file, List<String> assignments, NamedModels models) {
    Path here = Path.of("").toAbsolutePath();
    Settings settings = new Settings();
    settings.layer(defaults(), here);
    settings.layer(file);
    assignments.forEach(assignment -> settings.set(assignment, here));
    SettingsBinder.bind(settings, AbSettings.class);
    for (String key : List.of("a", "b", "initial")) {
      Settings.Setting setting = settings.byKey().get(key);
      if (setting != null) {
        Path directory = models.directory(key, setting.text(), setting.base());
        settings.set(key, policy(key, directory), setting.base());
      }
    }
    models.resolve(settings);
    AbSettings bound = SettingsBinder.bind(settings, AbSettings.class);
    bound.requireConsistent();
    return bound;
  }

  private static InputStream defaults() {
    return Objects.requireNonNull(AbSettings.class.getResourceAsStream("/ab-defaults.yaml"));
  }

  /** A run's final policy, or the directory itself. */
  private static Path policy(String key, Path directory) {
    if (!Files.isRegularFile(directory.resolve("run.json"))) {
      return directory;
    }
    Path left = new RunDirectory(directory).policy();
    if (!Files.isDirectory(left)) {
      throw InvalidInputException.of(key, directory, "a run that has ended and left its policy");
    }
    if (!Files.exists(left.resolve("config.json"))) {
      throw InvalidInputException.of(
          key, directory, "a whole policy; elastic-reset export merges a run's adapters into one");
    }
    return left;
  }

  private void requireConsistent() {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,99}")) {
      throw InvalidInputException.of("name", name, "letters, digits, '.', '_' and '-'");
    }
    if (reward.scorers().isEmpty()) {
      throw InvalidInputException.of("reward.scorers", "none", "at least one");
    }
    if (metric.from() == MetricConfig.From.CSV && metric.csv() == null) {
      throw InvalidInputException.of("metric.csv", "missing", "a file, for metric.from is csv");
    }
    if (metric.from() == MetricConfig.From.JUDGE && reward.judge() == null) {
      throw InvalidInputException.of(
          "reward.judge", "missing", "a scorer, for metric.from is judge");
    }
    boolean cut = sampling.topK() != 0 || sampling.topP() != 1;
    if (guards.driftLimitNats() != null && (initial == null || cut)) {
      throw InvalidInputException.of(
          "guards.drift-limit-nats",
          guards.driftLimitNats(),
          "none without an initial policy, or with top-k or top-p, of which no KL can be"
              + " estimated");
    }
    rules();
  }

  /** What the experiment goes by. */
  AbRules rules() {
    try {
      return new AbRules(
          name,
          numbers("stages", stages),
          stageMinimum,
          plan(),
          metric.from() == MetricConfig.From.JUDGE,
          metric.better() == MetricConfig.Better.LOWER,
          optional(metric.absent()),
          metric.window(),
          answerTimeout,
          test.limit() == null ? OptionalLong.empty() : OptionalLong.of(test.limit()));
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException(String.valueOf(e.getMessage()));
    }
  }

  private AbPlan plan() {
    return new AbPlan(
        test.alpha(),
        test.smallestEffect(),
        Optional.ofNullable(metric.bounds()).map(this::bounds),
        test.minimum(),
        test.planned(),
        optional(guards.rewardMargin()),
        optional(guards.driftLimitNats()));
  }

  private TwoArmEffect.Bounds bounds(List<String> words) {
    List<Double> bounds = numbers("metric.bounds", words);
    if (bounds.size() != 2) {
      throw InvalidInputException.of("metric.bounds", words, "two numbers");
    }
    return metric.better() == MetricConfig.Better.LOWER
        ? new TwoArmEffect.Bounds(0 - bounds.get(1), 0 - bounds.get(0))
        : new TwoArmEffect.Bounds(bounds.get(0), bounds.get(1));
  }

  private static List<Double> numbers(String key, List<String> words) {
    try {
      return words.stream().map(Double::valueOf).toList();
    } catch (NumberFormatException e) {
      throw InvalidInputException.of(key, words, "numbers");
    }
  }

  private static OptionalDouble optional(@Nullable Double value) {
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  /** What must stay as it was while an experiment goes on, as one text. */
  String fixedPart() {
    return "a: %s%nb: %s%ninitial: %s%nrules: %s%nmetric: %s%nsampling: %s%nreward: %s%nchat: %s%nseed: %d%n"
        .formatted(
            a,
            b,
            initial,
            rules(),
            metric,
            sampling,
            reward.scorers() + " " + reward.judge(),
            chat,
            seed);
  }
}
