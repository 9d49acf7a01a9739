package org.elasticreset.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import org.elasticreset.model.files.ConfigBounds;
import org.elasticreset.model.files.JsonFile;
import org.elasticreset.model.files.KnownSettings;
import org.elasticreset.model.files.ModelFormatException;
import org.elasticreset.model.files.TensorShape;

/**
 * The shape of an encoder, as the {@code config.json} of BERT, RoBERTa or DistilBERT says it; in
 * brackets what DistilBERT calls it where that differs.
 *
 * @param vocabularySize tokens (vocab_size)
 * @param positions rows of the position table (max_position_embeddings)
 * @param width of a hidden state (hidden_size, dim)
 * @param layers num_hidden_layers (n_layers)
 * @param heads num_attention_heads (n_heads), a divisor of the width
 * @param hiddenWidth of the feed-forward network (intermediate_size, hidden_dim)
 * @param activation of the feed-forward network (hidden_act, activation)
 * @param layerNormEpsilon layer_norm_eps
 * @param tokenTypes rows of the token type table (type_vocab_size); DistilBERT has none
 * @param paddingToken pad_token_id; positions of RoBERTa begin after it
 */
public record EncoderConfig(
    EncoderArchitecture architecture,
    int vocabularySize,
    int positions,
    int width,
    int layers,
    int heads,
    int hiddenWidth,
    Activation activation,
    double layerNormEpsilon,
    int tokenTypes,
    int paddingToken) {

  private static final double EPSILON = 1e-12;

  public EncoderConfig {
    var keys = architecture.keys;
    ConfigBounds.tokens("vocab_size", vocabularySize);
    ConfigBounds.tokens("max_position_embeddings", positions);
    ConfigBounds.width(keys.width(), width);
    ConfigBounds.layers(keys.layers(), layers);
    ConfigBounds.width(keys.heads(), heads);
    ConfigBounds.width(keys.hiddenWidth(), hiddenWidth);
    if (width % heads != 0) {
      throw new IllegalArgumentException(
          "%s: %d (expected: a divisor of %s = %d)"
              .formatted(keys.heads(), heads, keys.width(), width));
    }
    ConfigBounds.positive("layer_norm_eps", layerNormEpsilon);
    if (architecture != EncoderArchitecture.DISTILBERT) {
      ConfigBounds.tokens("type_vocab_size", tokenTypes);
    }
    ConfigBounds.knownTokens("pad_token_id", List.of(paddingToken), vocabularySize);
    if (architecture == EncoderArchitecture.ROBERTA && positions - paddingToken < 2) {
      throw new IllegalArgumentException(
          "max_position_embeddings: %d (expected: above pad_token_id + 1 = %d)"
              .formatted(positions, paddingToken + 1));
    }
  }

  /** DistilBERT with these sizes, the exact gelu and padding 0. */
  public EncoderConfig(
      int vocabularySize, int positions, int width, int layers, int heads, int hiddenWidth) {
    this(
        EncoderArchitecture.DISTILBERT,
        vocabularySize,
        positions,
        width,
        layers,
        heads,
        hiddenWidth,
        Activation.GELU,
        EPSILON,
        0,
        0);
  }

  /** These sizes with another number of tokens. */
  EncoderConfig withVocabulary(int tokens) {
    return new EncoderConfig(tokens, positions, width, layers, heads, hiddenWidth);
  }

  /** The longest input in tokens, special ones included. */
  int longestInput() {
    return positions - (positionsCountedPast() + 1);
  }

  /** The token that positions begin after; -1 for none. */
  int positionsCountedPast() {
    return architecture == EncoderArchitecture.ROBERTA ? paddingToken : -1;
  }

  /** What {@code program/bert.py} is written for. */
  ProgramSettings settings() {
    return ProgramSettings.NONE
        .with("layers", layers)
        .with("heads", heads)
        .with("epsilon", layerNormEpsilon)
        .with("activation", activation.programName())
        .with("token_types", tokenTypes > 0)
        .with("padding", positionsCountedPast())
        .with("pooling", architecture.pooling);
  }

  /**
   * Reads the shape.
   *
   * @throws ModelFormatException naming a setting that would compute something else
   */
  static EncoderConfig read(EncoderArchitecture architecture, JsonFile config) {
    var keys = architecture.keys;
    new KnownSettings(config)
        .requireOneOf("position_embedding_type", "absolute", Set.of("absolute"))
        .allow("vocab_size", "max_position_embeddings", keys.width(), keys.layers(), keys.heads())
        .allow(keys.hiddenWidth(), keys.activation())
        .allow(architecture.otherSettings())
        .allow("chunk_size_feed_forward", "finetuning_task", "output_past", "sep_token_id")
        .refuseOthers();
    boolean typed = architecture != EncoderArchitecture.DISTILBERT;
    try {
      return new EncoderConfig(
          architecture,
          config.positiveInt("vocab_size"),
          config.positiveInt("max_position_embeddings"),
          config.positiveInt(keys.width()),
          config.positiveInt(keys.layers()),
          config.positiveInt(keys.heads()),
          config.positiveInt(keys.hiddenWidth()),
          Activation.read(config, keys.activation()),
          typed ? config.number("layer_norm_eps", EPSILON) : EPSILON,
          typed ? config.positiveInt("type_vocab_size", 2) : 0,
          ClassifierHead.paddingToken(config)
              .orElse(architecture == EncoderArchitecture.ROBERTA ? 1 : 0));
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(config.path(), String.valueOf(e.getMessage()), e);
    }
  }

  /** The {@code config.json} of a new DistilBERT of this shape. */
  ObjectNode json(Labels labels) {
    ObjectNode config = JsonFile.MAPPER.createObjectNode();
    config.put("model_type", architecture.modelType);
    config.putArray("architectures").add(architecture.className);
    config.put("problem_type", "single_label_classification");
    config.put("vocab_size", vocabularySize);
    config.put("max_position_embeddings", positions);
    config.put("dim", width);
    config.put("n_layers", layers);
    config.put("n_heads", heads);
    config.put("hidden_dim", hiddenWidth);
    config.put("activation", "gelu");
    config.put("sinusoidal_pos_embds", false);
    config.put("dropout", 0.1);
    config.put("attention_dropout", 0.0);
    config.put("seq_classif_dropout", 0.1);
    config.put("pad_token_id", paddingToken);
    config.put("tie_weights_", true);
    config.put("torch_dtype", "float16");
    labels.write(config);
    return config;
  }

  /** The tensors of the model file in the order of {@code program/bert.py}. */
  List<TensorShape> tensors(int labels) {
    return architecture.tensors(this, labels);
  }
}
