package org.elasticreset.cli;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.elasticreset.cli.Settings.Setting;
import org.jspecify.annotations.Nullable;

/** Where the settings of a run come from; each source replaces what the ones before it said. */
record RunConfigSources(
    String preset,
    @Nullable Path configFile,
    List<String> assignments,
    @Nullable Long seed,
    @Nullable Integer steps,
    @Nullable String name,
    boolean lora,
    @Nullable String raters) {

  /** Of {@code --lora}: the paper's, as is what {@link RunConfig.LoraConfig} has by default. */
  private static final int LORA_RANK = 16;

  /**
   * Reads and binds defaults, preset, run file, {@code --set} and flags, in this order. Models of
   * the Hub are fetched once everything else is known to be right.
   */
  RunConfig read(Installation installation, NamedModels models) {
    Path here = Path.of("").toAbsolutePath();
    Settings settings = start(installation, preset);
    if (configFile != null) {
      settings.layer(configFile);
    }
    assignments.forEach(assignment -> settings.set(assignment, here));
    if (lora && settings.byKey().keySet().stream().noneMatch(key -> key.startsWith("lora."))) {
      settings.set("lora.rank", LORA_RANK, here);
    }
    if (raters != null) {
      settings.set("raters.enabled", true, here);
      settings.set("raters.names", raters, here);
      givePairs(settings, here);
    }
    setIfGiven(settings, "seed", seed, here);
    setIfGiven(settings, "steps", steps, here);
    setIfGiven(settings, "name", name, here);
    return bind(settings, models);
  }

  /** Which is better is a question about two. */
  private static void givePairs(Settings settings, Path here) {
    if (is(settings, "raters.question", "order")
        && is(settings, "rollout.samples-per-prompt", "1")) {
      settings.set("rollout.samples-per-prompt", 2, here);
    }
  }

  private static boolean is(Settings settings, String key, String value) {
    Setting setting = settings.byKey().get(key);
    return setting != null && setting.text().equals(value);
  }

  /** Defaults and preset alone. */
  static Settings start(Installation installation, @Nullable String preset) {
    Settings settings = new Settings();
    settings.layer(defaults(), Path.of("").toAbsolutePath());
    if (preset != null) {
      settings.layer(installation.preset(preset));
    }
    return settings;
  }

  /** Settings with the models of the Hub that they name, which are fetched last. */
  static RunConfig bind(Settings settings, NamedModels models) {
    SettingsBinder.bind(settings, RunConfig.class);
    models.resolve(settings);
    return SettingsBinder.bind(settings, RunConfig.class);
  }

  /**
   * Reads what {@link SettingsText} wrote for a run. Settings that this version knows and that one
   * did not have their defaults.
   */
  static RunConfig recorded(Path config) {
    Settings settings = new Settings();
    settings.layer(defaults(), config.toAbsolutePath().resolveSibling(""));
    settings.layer(config);
    return SettingsBinder.bind(settings, RunConfig.class);
  }

  private static InputStream defaults() {
    return Objects.requireNonNull(RunConfigSources.class.getResourceAsStream("/run-defaults.yaml"));
  }

  private static void setIfGiven(Settings settings, String key, @Nullable Object value, Path base) {
    if (value != null) {
      settings.set(key, value, base);
    }
  }
}
