package org.elasticreset.model;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.elasticreset.model.files.ModelDirectory;
import org.elasticreset.model.files.ModelFormatException;
import org.elasticreset.model.files.TensorShape;
import org.elasticreset.model.tokenizer.TokenizerFiles;

/** What a decoder's directory says of the model before its weights are read. */
public record DecoderDirectory(Path path, DecoderConfig config) {

  /**
   * Reads {@code config.json} and {@code generation_config.json}.
   *
   * @throws ModelFormatException naming file, key, value and what was expected
   */
  public static DecoderDirectory read(Path directory) {
    return new DecoderDirectory(
        directory, DecoderFiles.read(new ModelDirectory(directory)).config());
  }

  /**
   * Adapters for this architecture.
   *
   * @param alpha absent: twice the rank
   * @param targetModules absent: what PEFT takes for the architecture, queries and values
   * @throws IllegalArgumentException if one of them is no module of the model
   */
  public LoraSettings lora(
      int rank, OptionalDouble alpha, double dropout, Optional<List<String>> targetModules) {
    var lora =
        new LoraSettings(
            rank,
            alpha.orElse(2.0 * rank),
            dropout,
            targetModules.orElseGet(
                () ->
                    config instanceof GptConfig ? List.of("c_attn") : List.of("q_proj", "v_proj")));
    Adapters.targets(config, lora);
    return lora;
  }

  /**
   * Whether the directory says how a conversation becomes one text.
   *
   * @throws ModelFormatException if it says so in a form that is not known
   */
  public boolean hasChatTemplate() {
    return TokenizerFiles.read(new ModelDirectory(path))
        .chatTemplate(Clock.systemDefaultZone())
        .isPresent();
  }

  /** Bytes of what is trained, in float32: the adapters if there are any, else all weights. */
  public long trainedBytes(Optional<LoraSettings> lora) {
    var trained =
        lora.map(
                settings ->
                    Adapters.targets(config, settings).stream()
                        .flatMap(target -> target.factors(settings.rank()).stream())
                        .toList())
            .orElseGet(config::tensors);
    return Float.BYTES * trained.stream().mapToLong(TensorShape::count).sum();
  }
}
