package org.elasticreset.model.files;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * The keys of a {@code config.json} that an architecture knows. Any other is refused by name,
 * unless it is null, false or empty, or known to say nothing about what the model computes.
 */
public final class KnownSettings {

  /** Written by transformers for every model: files, training, generation, labels. */
  private static final Set<String> HOUSEKEEPING =
      Set.of(
          "_name_or_path",
          "architectures",
          "auto_map",
          "bos_token_id",
          "dtype",
          "eos_token_id",
          "gradient_checkpointing",
          "id2label",
          "initializer_range",
          "label2id",
          "model_type",
          "num_labels",
          "pad_token_id",
          "problem_type",
          "task_specific_params",
          "tokenizer_class",
          "torch_dtype",
          "transformers.js_config",
          "transformers_version",
          "unk_token_id",
          "use_cache");

  /** GPT-2's heads for other tasks, and training. */
  private static final String SUMMARY = "summary_";

  private final JsonFile file;
  private final Set<String> known = new HashSet<>(HOUSEKEEPING);

  public KnownSettings(JsonFile file) {
    this.file = file;
  }

  /** Keys that are read, or that say nothing about what is computed here. */
  public KnownSettings allow(String... keys) {
    known.addAll(Arrays.asList(keys));
    return this;
  }

  public KnownSettings requireFlag(String key, boolean expected) {
    if (file.flag(key, expected) != expected) {
      throw file.wrong(key, String.valueOf(expected));
    }
    return allow(key);
  }

  public KnownSettings requireOneOf(String key, String otherwise, Set<String> values) {
    if (!values.contains(file.text(key, otherwise))) {
      throw file.wrong(key, String.join(" or ", new TreeSet<>(values)));
    }
    return allow(key);
  }

  public KnownSettings requireNumber(String key, double expected) {
    if (file.number(key, expected) != expected) {
      throw file.wrong(key, String.valueOf(expected));
    }
    return allow(key);
  }

  /** Whatever else the file says is said to no one. */
  public void refuseOthers() {
    for (var field : file.root().properties()) {
      var key = field.getKey();
      var value = field.getValue();
      boolean saysNothing =
          value.isNull()
              || (value.isBoolean() && !value.booleanValue())
              || (value.isContainerNode() && value.isEmpty());
      if (!saysNothing && !known.contains(key) && !key.startsWith(SUMMARY)) {
        throw file.wrong(key, "no such setting, or null: what it asks for is not supported");
      }
    }
  }
}
