package org.elasticreset.model;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.elasticreset.model.files.JsonFile;

/** Activations of an encoder's feed-forward network, under all names that transformers has. */
enum Activation {
  GELU("gelu", "gelu_python"),
  GELU_TANH("gelu_new", "gelu_fast", "gelu_pytorch_tanh", "gelu_python_tanh"),
  RELU("relu");

  private final Set<String> names;

  Activation(String... names) {
    this.names = Set.of(names);
  }

  /** Reads {@code key} of {@code config.json}; without one it is the exact gelu. */
  static Activation read(JsonFile config, String key) {
    var name = config.text(key, "gelu");
    return List.of(values()).stream()
        .filter(activation -> activation.names.contains(name))
        .findFirst()
        .orElseThrow(() -> config.wrong(key, "one of " + allNames()));
  }

  private static Set<String> allNames() {
    var all = new TreeSet<String>();
    for (var activation : values()) {
      all.addAll(activation.names);
    }
    return all;
  }

  /** As {@code program/bert.py} calls it. */
  String programName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
