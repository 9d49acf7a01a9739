package org.elasticreset.model;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.elasticreset.model.files.JsonFile;
import org.elasticreset.model.files.ModelFormatException;
import org.elasticreset.model.files.TensorShape;
import org.jspecify.annotations.Nullable;

/**
 * The shape of a policy's architecture: what its {@code config.json} says.
 *
 * <p>Settings that an architecture does not have are refused when the file is read: a model that
 * was made with them would compute something else without them.
 */
public sealed interface DecoderConfig permits GptConfig, LlamaConfig {

  /** Tokens that the model knows: 0 to this, exclusive. */
  int vocabularySize();

  /** The longest sequence in tokens. */
  int positions();

  /** Of the residual stream. */
  int width();

  /** Blocks. */
  int layers();

  /** Tokens that end a text; may be empty. */
  List<Integer> endTokens();

  /** The same shape with other end tokens. */
  DecoderConfig withEndTokens(List<Integer> tokens);

  /** The same shape without an output projection of its own: what a classifier is read from. */
  DecoderConfig headless();

  /** The tensors of the model file in the order of the program. */
  List<TensorShape> tensors();

  /** What a tensor of the model file is among {@link #tensors}; surplus ones are ignored. */
  String canonicalName(String name);

  /** The name of the bound on a sequence's length in {@code config.json}, for messages. */
  String positionsKey();

  /** Whether a linear map's weight is [in, out] rather than [out, in], as in GPT-2's Conv1D. */
  boolean transposed();

  /** The resource that defines class {@code Model}. */
  String program();

  /** What that program is written for. */
  ProgramSettings settings();

  /**
   * Whether the tensor is the weight of a linear map within a block, which may have an adapter:
   * neither embeddings nor the output projection.
   */
  default boolean isLinear(TensorShape tensor) {
    return tensor.shape().length == 2 && tensor.name().matches(".*\\.\\d+\\..*\\.weight");
  }

  /** {@code config.json} of a new model of this shape. */
  Map<String, @Nullable Object> json();

  /**
   * Reads the shape.
   *
   * @throws ModelFormatException naming the key of an architecture or a setting that there is not
   */
  static DecoderConfig read(JsonFile file) {
    var type = file.text("model_type");
    if (type.equals(GptConfig.MODEL_TYPE)) {
      return GptConfig.read(file);
    }
    if (LlamaConfig.MODEL_TYPES.contains(type)) {
      return LlamaConfig.read(file);
    }
    throw file.wrong("model_type", "one of " + modelTypes());
  }

  private static Set<String> modelTypes() {
    var types = new java.util.TreeSet<>(LlamaConfig.MODEL_TYPES);
    types.add(GptConfig.MODEL_TYPE);
    return types;
  }
}
