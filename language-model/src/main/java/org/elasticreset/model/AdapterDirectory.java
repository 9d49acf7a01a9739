package org.elasticreset.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.elasticreset.model.files.JsonFile;
import org.elasticreset.model.files.KnownSettings;
import org.elasticreset.model.files.ModelDirectory;
import org.elasticreset.model.files.ModelFormatException;
import org.elasticreset.model.files.ParameterFile;
import org.elasticreset.model.files.TensorFile;

/**
 * A directory of adapters in PEFT's format: {@code adapter_config.json} and {@code
 * adapter_model.safetensors}.
 *
 * @param baseModel the model that they were made for, a directory or a Hub name as whoever wrote it
 *     wrote it ({@code base_model_name_or_path}); may be empty
 */
public record AdapterDirectory(Path path, String baseModel, LoraSettings settings) {

  private static final String CONFIG = "adapter_config.json";
  private static final String WEIGHTS = "adapter_model.safetensors";

  /** Ways to begin that leave the base model as it is. */
  private static final Set<String> PLAIN_BEGINNINGS = Set.of("true", "false", "gaussian");

  /** Whether a directory holds adapters rather than a model. */
  public static boolean isAt(Path directory) {
    return Files.exists(directory.resolve(CONFIG));
  }

  /**
   * Reads what the adapters are.
   *
   * @throws ModelFormatException naming a setting that is not supported
   */
  public static AdapterDirectory read(Path directory) {
    var file = JsonFile.open(new ModelDirectory(directory).file(CONFIG));
    new KnownSettings(file)
        .requireOneOf("peft_type", "missing", Set.of("LORA"))
        .requireOneOf("bias", "none", Set.of("none"))
        .requireOneOf("task_type", "CAUSAL_LM", Set.of("CAUSAL_LM"))
        .requireFlag("use_dora", false)
        .allow("auto_mapping", "base_model_name_or_path", "revision", "inference_mode")
        .allow("r", "lora_alpha", "lora_dropout", "target_modules", "use_rslora")
        // How a weight stands in memory is known from the architecture, to PEFT as well.
        .allow("fan_in_fan_out", "init_lora_weights")
        .allow("peft_version", "megatron_core", "qalora_group_size")
        .refuseOthers();
    if (!PLAIN_BEGINNINGS.contains(file.root().path("init_lora_weights").asText("true"))) {
      throw file.wrong("init_lora_weights", "one of " + new TreeSet<>(PLAIN_BEGINNINGS));
    }
    int rank = file.positiveInt("r");
    double alpha = file.number("lora_alpha");
    try {
      return new AdapterDirectory(
          directory,
          file.text("base_model_name_or_path", ""),
          new LoraSettings(
              rank,
              // Rank-stabilised adapters are scaled by alpha / √r (arXiv 2312.03732).
              file.flag("use_rslora", false) ? alpha * Math.sqrt(rank) : alpha,
              file.number("lora_dropout", 0),
              targetModules(file)));
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(file.path(), String.valueOf(e.getMessage()), e);
    }
  }

  private static List<String> targetModules(JsonFile file) {
    var node = file.root().path("target_modules");
    if (node.asText("").equals(LoraSettings.ALL_LINEAR)) {
      return List.of(LoraSettings.ALL_LINEAR);
    }
    var names = new TreeSet<String>();
    for (var name : node) {
      names.add(name.asText(""));
    }
    if (names.isEmpty() || names.contains("")) {
      throw file.wrong(
          "target_modules", "a list of module names, or \"" + LoraSettings.ALL_LINEAR + "\"");
    }
    return List.copyOf(names);
  }

  /** Fills the factors of adapters that were made with these settings. */
  void load(Parameters factors) {
    try (var file = TensorFile.open(new ModelDirectory(path).file(WEIGHTS))) {
      file.require(factors.tensors());
      var surplus = new TreeSet<>(file.entries().keySet());
      factors.tensors().forEach(tensor -> surplus.remove(tensor.name()));
      if (!surplus.isEmpty()) {
        throw new ModelFormatException(
            file.path(),
            "tensor %s: surplus (expected: the %d of target_modules %s)"
                .formatted(surplus.first(), factors.tensors().size(), settings.targetModules()));
      }
      file.load(factors);
    }
  }

  /** Writes adapters of an architecture; the directory is made if there is none. */
  static void write(Path directory, String baseModel, DecoderConfig config, Adapters adapters) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("making directory " + directory, e);
    }
    JsonFile.write(directory.resolve(CONFIG), json(baseModel, config, adapters.settings()));
    ParameterFile.write(
        directory.resolve(WEIGHTS), Map.of(), new ParameterFile.Section("", adapters.factors()));
  }

  private static ObjectNode json(String baseModel, DecoderConfig config, LoraSettings settings) {
    var json = JsonFile.MAPPER.createObjectNode();
    json.put("peft_type", "LORA");
    json.put("task_type", "CAUSAL_LM");
    json.put("base_model_name_or_path", baseModel);
    json.put("inference_mode", true);
    json.put("r", settings.rank());
    // A whole number where it is one: some readers take no other.
    if (settings.alpha() == Math.rint(settings.alpha())) {
      json.put("lora_alpha", (long) settings.alpha());
    } else {
      json.put("lora_alpha", settings.alpha());
    }
    json.put("lora_dropout", settings.dropout());
    // PEFT's own word means the output projection of some models, too: names leave no doubt.
    var names = new ArrayList<>(settings.targetModules());
    if (names.contains(LoraSettings.ALL_LINEAR)) {
      names = new ArrayList<>(Adapters.lastNames(config));
    }
    names.forEach(json.putArray("target_modules")::add);
    json.put("bias", "none");
    json.put("fan_in_fan_out", config.transposed());
    json.put("init_lora_weights", true);
    json.put("use_rslora", false);
    json.put("use_dora", false);
    json.putNull("modules_to_save");
    return json;
  }
}
