package org.elasticreset.cli;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Settings by full dotted name, in layers: a later layer replaces what an earlier one said. A value
 * stays text until it is bound to the record that knows its type.
 */
public final class Settings {
  /**
   * Text of one setting.
   *
   * @param base the folder that a relative path in it starts from
   */
  public record Setting(String text, Path base) {}

  /** What a file names here is the whole list: it does not add to the scorers of the preset. */
  private static final List<String> REPLACED_WHOLE = List.of("reward.scorers", "reward.judge");

  private static final YAMLMapper YAML =
      YAMLMapper.builder().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION).build();

  private final SortedMap<String, Setting> byKey = new TreeMap<>();

  /** What is set by now. */
  public SortedMap<String, Setting> byKey() {
    return byKey;
  }

  /** A layer from the class path; relative paths start from {@code base}. */
  void layer(InputStream yaml, Path base) {
    try (yaml) {
      layer(YAML.readTree(yaml), base);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A layer from a file; relative paths start from the folder it lies in. */
  void layer(Path file) {
    layer(read(file), file.toAbsolutePath().resolveSibling(""));
  }

  /**
   * A file of YAML as a tree.
   *
   * @throws InvalidInputException if it cannot be read, or is none; with the line
   */
  public static JsonNode read(Path file) {
    try {
      return YAML.readTree(Files.readString(file));
    } catch (JsonProcessingException e) {
      String reason = e.getOriginalMessage().lines().findFirst().orElse("not YAML").strip();
      throw new InvalidInputException(
          file
              + (e.getLocation() == null ? "" : ", line " + e.getLocation().getLineNr())
              + ": "
              + reason
              + " (expected: YAML)");
    } catch (IOException e) {
      throw new InvalidInputException(file + ": cannot be read (expected: a YAML file)");
    }
  }

  /** A layer from a tree; relative paths start from {@code base}. */
  public void layer(JsonNode tree, Path base) {
    if (tree.isMissingNode() || tree.isNull()) {
      return;
    }
    if (!tree.isObject()) {
      throw InvalidInputException.of("configuration", tree, "settings, as key: value");
    }
    SortedMap<String, JsonNode> flat = flat(tree);
    for (String group : REPLACED_WHOLE) {
      if (flat.keySet().stream()
          .anyMatch(key -> key.equals(group) || key.startsWith(group + "."))) {
        remove(group);
      }
    }
    flat.forEach((key, value) -> set(key, value, base));
  }

  /** One {@code key=value} of the command line; {@code null} takes a setting away. */
  public void set(String assignment, Path base) {
    int equals = assignment.indexOf('=');
    if (equals <= 0) {
      throw InvalidInputException.of("--set", assignment, "key=value, such as ema.decay=0.9");
    }
    String key = assignment.substring(0, equals).strip();
    String value = assignment.substring(equals + 1).strip();
    if (value.equals("null")) {
      remove(key);
    } else {
      byKey.put(key, new Setting(value, base));
    }
  }

  /** Sets one key, as a flag of the command line does. */
  public void set(String key, Object value, Path base) {
    byKey.put(key, new Setting(value.toString(), base));
  }

  private void set(String key, JsonNode value, Path base) {
    if (value.isNull()) {
      remove(key);
    } else if (!value.isObject()) {
      byKey.put(key, new Setting(value.isValueNode() ? value.asText() : value.toString(), base));
    }
  }

  private void remove(String key) {
    byKey.keySet().removeIf(name -> name.equals(key) || name.startsWith(key + "."));
  }

  private static void flatten(String prefix, JsonNode node, SortedMap<String, JsonNode> flat) {
    node.fields()
        .forEachRemaining(
            field -> {
              String key = prefix + field.getKey();
              if (field.getValue().isObject() && !field.getValue().isEmpty()) {
                flatten(key + ".", field.getValue(), flat);
              } else {
                flat.put(key, field.getValue());
              }
            });
  }

  /** A tree by dotted names; empty objects stay values. */
  public static SortedMap<String, JsonNode> flat(JsonNode tree) {
    SortedMap<String, JsonNode> flat = new TreeMap<>();
    flatten("", tree, flat);
    return flat;
  }

  /** {@code a,b} of the command line, or the same as a list of YAML. */
  static List<String> list(String text) {
    try {
      List<String> values = new ArrayList<>();
      JsonNode list = text.startsWith("[") ? YAML.readTree(text) : TextNode.valueOf(text);
      if (list.isArray()) {
        list.forEach(value -> values.add(value.asText()));
      } else {
        values.addAll(List.of(text.split(",", -1)));
      }
      values.replaceAll(String::strip);
      if (values.isEmpty() || values.contains("")) {
        throw new IllegalArgumentException(text);
      }
      return List.copyOf(values);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  /**
   * {@code maxNewTokens} → {@code max-new-tokens}, {@code EVERY_N_UPDATES} → {@code
   * every-n-updates}.
   */
  static String kebab(String name) {
    return name.equals(name.toUpperCase(Locale.ROOT))
        ? name.toLowerCase(Locale.ROOT).replace('_', '-')
        : name.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
  }
}
