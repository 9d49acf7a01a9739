package org.elasticreset.cli;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.elasticreset.cli.Settings.Setting;

/** The settings that exist, so that one that does not is named with the one that was meant. */
final class KnownKeys {
  private final SortedMap<String, Setting> given;
  private final List<String> known = new ArrayList<>();

  private KnownKeys(SortedMap<String, Setting> given) {
    this.given = given;
  }

  /**
   * Refuses every key that no component of {@code type} reads.
   *
   * @throws InvalidInputException naming the first such key
   */
  static void requireKnown(SortedMap<String, Setting> given, Class<? extends Record> type) {
    KnownKeys keys = new KnownKeys(given);
    keys.collectRecord("", type);
    for (Map.Entry<String, Setting> entry : given.entrySet()) {
      if (!keys.known.contains(entry.getKey())) {
        throw keys.refuse(entry.getKey(), entry.getValue().text());
      }
    }
  }

  private InvalidInputException refuse(String key, String value) {
    String members =
        known.stream()
            .filter(name -> name.startsWith(key + "."))
            .map(name -> name.substring(key.length() + 1))
            .collect(Collectors.joining(", "));
    if (!members.isEmpty()) {
      return InvalidInputException.of(key, value, "a group of settings: " + members);
    }
    return unknown(key, known);
  }

  /** What is said of a setting that is none of those. */
  static InvalidInputException unknown(String key, Collection<String> known) {
    String hint = nearest(key, known).map(name -> " (did you mean " + name + "?)").orElse("");
    return new InvalidInputException(key + ": unknown setting" + hint);
  }

  private static Optional<String> nearest(String key, Collection<String> known) {
    int tolerance = Math.max(2, lastWord(key).length() / 3);
    return known.stream()
        .filter(name -> distance(key, name) <= tolerance)
        .min(
            Comparator.<String>comparingInt(name -> distance(key, name))
                .thenComparingInt(name -> edits(key, name)));
  }

  /** Edits between two keys; a wrong or missing group costs two. */
  private static int distance(String given, String known) {
    int whole = edits(given, known);
    return Math.min(whole, 2 + edits(lastWord(given), lastWord(known)));
  }

  private static String lastWord(String key) {
    return key.substring(key.lastIndexOf('.') + 1);
  }

  /** Levenshtein distance. */
  private static int edits(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }

  private void collect(String key, Type type) {
    if (type instanceof ParameterizedType map && map.getRawType() == Map.class) {
      for (String name : names(given, key)) {
        collect(key + "." + name, map.getActualTypeArguments()[1]);
      }
    } else if (type instanceof Class<?> sealedType && sealedType.isSealed()) {
      known.add(key + ".type");
      List<Class<?>> variants = List.of(sealedType.getPermittedSubclasses());
      Setting choice = given.get(key + ".type");
      variants.stream()
          .filter(variant -> choice != null && choice.text().equals(variantName(variant)))
          .findAny()
          .map(List::<Class<?>>of)
          .orElse(variants)
          .forEach(variant -> collectRecord(key + ".", variant));
    } else if (type instanceof Class<?> recordType && recordType.isRecord()) {
      collectRecord(key + ".", recordType);
    } else {
      known.add(key);
    }
  }

  private void collectRecord(String prefix, Class<?> type) {
    for (RecordComponent component : type.getRecordComponents()) {
      collect(prefix + Settings.kebab(component.getName()), component.getGenericType());
    }
  }

  /** The names of a map's entries, as the given keys have them. */
  static List<String> names(SortedMap<String, Setting> given, String mapKey) {
    String prefix = mapKey + ".";
    TreeSet<String> names = new TreeSet<>();
    for (String key : given.keySet()) {
      if (key.startsWith(prefix)) {
        names.add(key.substring(prefix.length()).split("\\.", 2)[0]);
      }
    }
    return List.copyOf(names);
  }

  /** How a variant of a sealed type is called in {@code type}. */
  static String variantName(Class<?> variant) {
    return variant.getSimpleName().toLowerCase(Locale.ROOT);
  }
}
