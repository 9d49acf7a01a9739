package org.elasticreset.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.util.StringQuotingChecker;
import java.lang.reflect.RecordComponent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A resolved configuration as YAML that gives the same configuration when it is read again. */
final class SettingsText {
  private static final YAMLMapper YAML =
      YAMLMapper.builder(YAMLFactory.builder().stringQuotingChecker(new Quotes()).build())
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
          .build();

  private SettingsText() {}

  /** Texts that YAML could take for anything else are quoted; words, paths and times are not. */
  private static final class Quotes extends StringQuotingChecker.Default {
    private static final long serialVersionUID = 1L;
    private static final Pattern PLAIN =
        Pattern.compile("\\d+(ms|s)|[A-Za-z/]([A-Za-z0-9_./ -]*[A-Za-z0-9_./-])?");

    @Override
    public boolean needToQuoteValue(String value) {
      return !PLAIN.matcher(value).matches() || super.needToQuoteValue(value);
    }
  }

  static String yaml(Record configuration) {
    try {
      return YAML.writeValueAsString(tree(configuration));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * The settings as nested maps in the order of the records. Absent ones are null, which takes away
   * what a preset says of them.
   */
  static Map<String, @Nullable Object> tree(Record configuration) {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    for (Class<?> parent : configuration.getClass().getInterfaces()) {
      if (parent.isSealed()) {
        tree.put("type", KnownKeys.variantName(configuration.getClass()));
      }
    }
    for (RecordComponent component : configuration.getClass().getRecordComponents()) {
      tree.put(Settings.kebab(component.getName()), plain(read(component, configuration)));
    }
    return tree;
  }

  private static @Nullable Object read(RecordComponent component, Record configuration) {
    try {
      return component.getAccessor().invoke(configuration);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static @Nullable Object plain(@Nullable Object value) {
    if (value instanceof Record group) {
      return tree(group);
    } else if (value instanceof Map<?, ?> map) {
      Map<String, Object> values = new LinkedHashMap<>();
      map.forEach((name, entry) -> values.put(name.toString(), tree((Record) entry)));
      return values;
    } else if (value instanceof Enum<?> constant) {
      return Settings.kebab(constant.name());
    } else if (value instanceof Duration duration) {
      return duration.toMillis() % 1000 == 0
          ? duration.toSeconds() + "s"
          : duration.toMillis() + "ms";
    }
    return value instanceof Path path ? path.toString() : value;
  }
}
