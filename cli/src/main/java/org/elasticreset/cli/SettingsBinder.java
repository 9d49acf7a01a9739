package org.elasticreset.cli;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.elasticreset.cli.Settings.Setting;
import org.jspecify.annotations.Nullable;

/**
 * Turns settings into records: the one place that knows types, bounds and how to say what is wrong.
 */
final class SettingsBinder {
  private static final Pattern DURATION = Pattern.compile("(\\d+) ?(ms|s|m|h|d)");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]*");

  private final SortedMap<String, Setting> given;

  private SettingsBinder(SortedMap<String, Setting> given) {
    this.given = given;
  }

  /**
   * Binds every setting.
   *
   * @throws InvalidInputException if a key is unknown or missing, or a value is of the wrong type
   *     or out of range
   */
  static <T extends Record> T bind(Settings settings, Class<T> type) {
    KnownKeys.requireKnown(settings.byKey(), type);
    return type.cast(new SettingsBinder(settings.byKey()).bindRecord("", type));
  }

  private Object bindRecord(String prefix, Class<?> type) {
    RecordComponent[] components = type.getRecordComponents();
    @Nullable Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      values[i] = bindComponent(prefix + Settings.kebab(components[i].getName()), components[i]);
    }
    try {
      Class<?>[] types =
          Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
      return type.getDeclaredConstructor(types).newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private @Nullable Object bindComponent(String key, RecordComponent component) {
    Type type = component.getGenericType();
    if (type instanceof ParameterizedType map && map.getRawType() == Map.class) {
      return bindMap(key, (Class<?>) map.getActualTypeArguments()[1]);
    }
    Class<?> simple = component.getType();
    boolean isGroup = simple.isRecord() || simple.isSealed();
    if (isGroup && (!isOptional(component) || !KnownKeys.names(given, key).isEmpty())) {
      return bindGroup(key, simple);
    }
    return isGroup ? null : bindValue(key, component);
  }

  private Map<String, Object> bindMap(String key, Class<?> valueType) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (String name : KnownKeys.names(given, key)) {
      if (!NAME.matcher(name).matches()) {
        throw InvalidInputException.of(key, name, "names of letters, digits, - and _");
      }
      values.put(name, bindGroup(key + "." + name, valueType));
    }
    return values;
  }

  private Object bindGroup(String key, Class<?> type) {
    if (type.isRecord()) {
      return bindRecord(key + ".", type);
    }
    Map<String, Class<?>> variants =
        Arrays.stream(type.getPermittedSubclasses())
            .collect(
                Collectors.toMap(
                    KnownKeys::variantName, Function.identity(), (a, b) -> a, LinkedHashMap::new));
    Setting choice = given.get(key + ".type");
    Class<?> variant = choice == null ? null : variants.get(choice.text());
    if (variant == null) {
      throw InvalidInputException.of(
          key + ".type",
          choice == null ? "missing" : choice.text(),
          String.join(" | ", variants.keySet()));
    }
    return bindRecord(key + ".", variant);
  }

  private @Nullable Object bindValue(String key, RecordComponent component) {
    Expected expected = component.getAnnotation(Expected.class);
    Setting setting = given.get(key);
    WhenAbsent absent = component.getAnnotation(WhenAbsent.class);
    if (setting == null && absent != null) {
      setting = new Setting(absent.value(), Path.of(""));
    }
    if (setting == null) {
      if (isOptional(component)) {
        return null;
      }
      throw InvalidInputException.of(
          key, "missing", expected == null ? typeWords(component.getType()) : expected.value());
    }
    Object value = parse(key, setting, component.getType());
    if (value instanceof Number number
        && expected != null
        && !Bounds.parse(expected.value()).contain(number.doubleValue())) {
      throw InvalidInputException.of(key, setting.text(), expected.value());
    }
    return value;
  }

  private static Object parse(String key, Setting setting, Class<?> type) {
    String text = setting.text();
    try {
      if (type == int.class || type == Integer.class) {
        return Integer.valueOf(text);
      } else if (type == long.class) {
        return Long.valueOf(text);
      } else if (type == double.class || type == Double.class) {
        double value = Double.parseDouble(text);
        if (Double.isFinite(value)) {
          return value;
        }
      } else if (type == boolean.class && List.of("true", "false").contains(text)) {
        return Boolean.valueOf(text);
      } else if (type == String.class && !text.isEmpty()) {
        return text;
      } else if (type == List.class && !text.isEmpty()) {
        return Settings.list(text);
      } else if (type == Path.class && !text.isEmpty()) {
        return setting.base().resolve(text).normalize();
      } else if (type == Duration.class) {
        return parseDuration(text);
      } else if (type.isEnum()) {
        return Arrays.stream(type.getEnumConstants())
            .filter(constant -> Settings.kebab(constant.toString()).equals(text))
            .findFirst()
            .orElseThrow(IllegalArgumentException::new);
      }
    } catch (IllegalArgumentException e) {
      // answered below, like every other text that is not of the type
    }
    throw InvalidInputException.of(key, text.isEmpty() ? "''" : text, typeWords(type));
  }

  private static Duration parseDuration(String text) {
    Matcher matcher = DURATION.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(text);
    }
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      case "h" -> Duration.ofHours(amount);
      default -> Duration.ofDays(amount);
    };
  }

  private static String typeWords(Class<?> type) {
    if (type == int.class || type == long.class || type == Integer.class) {
      return "a whole number";
    } else if (type == double.class || type == Double.class) {
      return "a number";
    } else if (type == boolean.class) {
      return "true or false";
    } else if (type == Duration.class) {
      return "a time such as 500ms, 60s or 5m";
    } else if (type.isEnum()) {
      return Arrays.stream(type.getEnumConstants())
          .map(constant -> Settings.kebab(constant.toString()))
          .collect(Collectors.joining(" | "));
    }
    return type == Path.class ? "a path" : type == List.class ? "a list" : "a text";
  }

  private static boolean isOptional(RecordComponent component) {
    return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
  }
}
