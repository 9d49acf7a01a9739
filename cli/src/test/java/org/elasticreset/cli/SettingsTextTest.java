package org.elasticreset.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.elasticreset.cli.RunConfig.ScorerConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run goes on with the settings that were written for it. */
class SettingsTextTest {
  /** What YAML may take for something else. */
  private static final List<String> TEXTS =
      List.of(
          "null",
          "~",
          "yes",
          "off",
          "true",
          "1e3",
          "0x1F",
          "010",
          "1_000",
          "1:30",
          ".5",
          ".inf",
          "2020-01-01",
          "# none",
          "a # b",
          "- a",
          "a: b",
          "a:",
          "{a}",
          "[a]",
          "'q'",
          "\"q\"",
          "!tag",
          "&a",
          "*a",
          "%a",
          "@a",
          "`a`",
          "<<",
          "=",
          "?",
          "|",
          ">",
          " before",
          "after ",
          "\\d+\t$",
          "two\nlines\n",
          "é 😀 \u0085 \u2028",
          "a, b",
          "---",
          "...");

  private static final Path PATH = Path.of("/somewhere else/ü #1/null: {x}");

  @TempDir private Path root;

  @Test
  void everySettingIsReadAgainAsItWasWritten() throws Exception {
    RunConfig config = (RunConfig) sample(RunConfig.class);
    Path file = Files.writeString(root.resolve("config.yaml"), SettingsText.yaml(config));

    assertThat(RunConfigSources.recorded(file)).isEqualTo(config);
  }

  @Test
  void settingThatIsAbsentStaysAbsent() throws IOException {
    RunConfig config = InstallationFixture.create(root).resolve("reward.judge=null");
    Path file = Files.writeString(root.resolve("config.yaml"), SettingsText.yaml(config));

    assertThat(RunConfigSources.recorded(file)).isEqualTo(config);
    assertThat(config.reward().judge()).isNull();
  }

  @Test
  void settingThatWasTakenAwayIsNotThePresetsAgainWhenTheRunIsRepeated() throws IOException {
    InstallationFixture fixture = InstallationFixture.create(root);
    RunConfig config = fixture.resolve("reward.judge=null", "evaluation.human-text=null");

    RunConfig repeated = fixture.resolveFile(SettingsText.yaml(config));

    assertThat(fixture.resolve().reward().judge()).isNotNull();
    assertThat(repeated).isEqualTo(config);
  }

  @Test
  void settingThatAnOlderVersionDidNotKnowHasItsDefault() throws IOException {
    RunConfig config = InstallationFixture.create(root).resolve();
    String older = SettingsText.yaml(config).replaceAll("checkpoint:\n(  .*\n)+", "");
    Path file = Files.writeString(root.resolve("config.yaml"), older);

    assertThat(older).doesNotContain("max-age");
    assertThat(RunConfigSources.recorded(file)).isEqualTo(config);
  }

  /** A record none of whose components is absent, or has the value that it has by default. */
  private static Object sample(Class<?> type) throws ReflectiveOperationException {
    RecordComponent[] components = type.getRecordComponents();
    List<Class<?>> types = new ArrayList<>();
    List<Object> values = new ArrayList<>();
    for (RecordComponent component : components) {
      types.add(component.getType());
      values.add(component.getType() == Map.class ? scorers() : value(component.getType()));
    }
    var constructor = type.getDeclaredConstructor(types.toArray(Class<?>[]::new));
    return constructor.newInstance(values.toArray());
  }

  private static Object value(Class<?> type) throws ReflectiveOperationException {
    if (type == int.class || type == Integer.class) {
      return 7;
    } else if (type == long.class) {
      return 9_007_199_254_740_993L;
    } else if (type == double.class || type == Double.class) {
      return 1.0 / 3 * 1e-7;
    } else if (type == boolean.class) {
      return true;
    } else if (type == String.class) {
      return "no";
    } else if (type == List.class) {
      return List.of("q_proj", "no", "1");
    } else if (type == Path.class) {
      return PATH;
    } else if (type == Duration.class) {
      return Duration.ofMillis(12_345);
    } else if (type.isEnum()) {
      return type.getEnumConstants()[type.getEnumConstants().length - 1];
    }
    return type.isSealed() ? new ScorerConfig.Length(3, 1) : sample(type);
  }

  private static Map<String, ScorerConfig> scorers() {
    Map<String, ScorerConfig> scorers = new LinkedHashMap<>();
    scorers.put(
        "classifier",
        new ScorerConfig.Classifier(PATH, "NO", ScorerConfig.Classifier.Output.LOGIT, 0.1));
    scorers.put("length", new ScorerConfig.Length(12, -2.5e-10));
    for (String text : TEXTS) {
      scorers.put("text-%02d".formatted(scorers.size()), new ScorerConfig.Regex(text, 1));
    }
    return scorers;
  }
}
