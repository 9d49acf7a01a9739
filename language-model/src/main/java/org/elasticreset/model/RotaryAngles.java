package org.elasticreset.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import org.elasticreset.model.files.ConfigBounds;
import org.elasticreset.model.files.JsonFile;
import org.elasticreset.model.files.ModelFormatException;
import org.jspecify.annotations.Nullable;

/**
 * How far a position turns each pair of a head's values: position · base^(−2c/C) for pair c of a
 * head of size C (Su et al. 2021, arXiv 2104.09864, section 3.2.2), slowed down for contexts longer
 * than those of the first training.
 *
 * @param base {@code rope_theta}
 */
public record RotaryAngles(double base, Scaling scaling) {

  private static final String TYPE = "rope_type";

  public RotaryAngles {
    ConfigBounds.positive("rope_theta", base);
  }

  /** How frequencies are slowed down. */
  public sealed interface Scaling {

    /** The frequency in place of {@code frequency}, in radians a position. */
    float scaled(float frequency);

    /** {@code rope_scaling} of a configuration. */
    @Nullable Map<String, Object> json();
  }

  /** Not at all. */
  public record Unscaled() implements Scaling {
    @Override
    public float scaled(float frequency) {
      return frequency;
    }

    @Override
    public @Nullable Map<String, Object> json() {
      return null;
    }
  }

  /** All by one factor (Chen et al. 2023, arXiv 2306.15595, "position interpolation"). */
  public record Linear(double factor) implements Scaling {

    public Linear {
      ConfigBounds.positive("rope_scaling.factor", factor);
    }

    @Override
    public float scaled(float frequency) {
      return (float) (frequency / factor);
    }

    @Override
    public Map<String, Object> json() {
      return Map.of(TYPE, "linear", "factor", factor);
    }
  }

  /**
   * Slow ones by a factor, fast ones not, those between in part (Llama 3.1, Grattafiori et al.
   * 2024, arXiv 2407.21783; as transformers computes it).
   *
   * @param lowFactor a wave longer than the original context divided by this is slowed down
   * @param highFactor one shorter than the original context divided by this is left alone
   * @param originalPositions of the first training
   */
  public record Llama3(double factor, double lowFactor, double highFactor, int originalPositions)
      implements Scaling {

    public Llama3 {
      ConfigBounds.positive("rope_scaling.factor", factor);
      ConfigBounds.positive("rope_scaling.low_freq_factor", lowFactor);
      ConfigBounds.positive("rope_scaling.high_freq_factor", highFactor);
      ConfigBounds.tokens("rope_scaling.original_max_position_embeddings", originalPositions);
      if (lowFactor >= highFactor) {
        throw new IllegalArgumentException(
            "rope_scaling.low_freq_factor: %s (expected: below high_freq_factor, %s)"
                .formatted(lowFactor, highFactor));
      }
    }

    @Override
    public float scaled(float frequency) {
      double waveLength = 2 * Math.PI / frequency;
      if (waveLength > originalPositions / lowFactor) {
        return (float) (frequency / factor);
      }
      if (waveLength < originalPositions / highFactor) {
        return frequency;
      }
      double kept = (originalPositions / waveLength - lowFactor) / (highFactor - lowFactor);
      return (float) ((1 - kept) * (frequency / factor) + kept * frequency);
    }

    @Override
    public Map<String, Object> json() {
      return Map.of(
          TYPE,
          "llama3",
          "factor",
          factor,
          "low_freq_factor",
          lowFactor,
          "high_freq_factor",
          highFactor,
          "original_max_position_embeddings",
          originalPositions);
    }
  }

  /**
   * Radians a position turns each pair, in float32 as transformers computes them.
   *
   * @return [headSize / 2]
   */
  double[] inverseFrequencies(int headSize) {
    var frequencies = new double[headSize / 2];
    for (int c = 0; c < frequencies.length; c++) {
      float exponent = 2f * c / headSize;
      frequencies[c] = scaling.scaled(1f / (float) Math.pow(base, exponent));
    }
    return frequencies;
  }

  /** Reads {@code rope_theta} and {@code rope_scaling}, or both from {@code rope_parameters}. */
  static RotaryAngles read(JsonFile file) {
    var key = file.has("rope_parameters") ? "rope_parameters" : "rope_scaling";
    var node = file.root().path(key);
    if (!node.isMissingNode() && !node.isNull() && !node.isObject()) {
      throw file.wrong(key, "null or an object with a " + TYPE);
    }
    double base = file.number("rope_theta", node.path("rope_theta").asDouble(10_000));
    var type = node.path(TYPE).asText(node.path("type").asText("default"));
    return new RotaryAngles(
        base,
        switch (type) {
          case "default" -> scaling(file, key, node, new Unscaled());
          case "linear" ->
              scaling(file, key, node, new Linear(number(file, key, node, "factor")), "factor");
          case "llama3" ->
              scaling(
                  file,
                  key,
                  node,
                  new Llama3(
                      number(file, key, node, "factor"),
                      number(file, key, node, "low_freq_factor"),
                      number(file, key, node, "high_freq_factor"),
                      (int) number(file, key, node, "original_max_position_embeddings")),
                  "factor",
                  "low_freq_factor",
                  "high_freq_factor",
                  "original_max_position_embeddings");
          default ->
              throw ModelFormatException.of(
                  file.path(), key + "." + TYPE, type, "default, linear or llama3");
        });
  }

  /** The scaling, if the node says nothing beside {@code keys}. */
  private static Scaling scaling(
      JsonFile file, String key, JsonNode node, Scaling scaling, String... keys) {
    var known = new java.util.HashSet<>(java.util.List.of(keys));
    known.addAll(java.util.List.of(TYPE, "type", "rope_theta"));
    for (var field : node.properties()) {
      if (!known.contains(field.getKey()) && !field.getValue().isNull()) {
        throw ModelFormatException.of(
            file.path(), key + "." + field.getKey(), field.getValue(), "no such setting");
      }
    }
    return scaling;
  }

  private static double number(JsonFile file, String key, JsonNode node, String name) {
    var value = node.path(name);
    if (!value.isNumber()) {
      throw ModelFormatException.of(
          file.path(), key + "." + name, value.isMissingNode() ? "missing" : value, "a number");
    }
    return value.doubleValue();
  }
}
