package org.elasticreset.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The sizes of an encoder, as the {@code config.json} of a DistilBERT writes them.
 *
 * @param vocabularySize tokens (vocab_size)
 * @param positions the longest input in tokens, the first included (max_position_embeddings)
 * @param width of a hidden state (dim)
 * @param layers n_layers
 * @param heads n_heads, a divisor of the width
 * @param hiddenWidth of the feed-forward network (hidden_dim)
 */
public record EncoderConfig(
    int vocabularySize, int positions, int width, int layers, int heads, int hiddenWidth) {

  static final String MODEL_TYPE = "distilbert";

  public EncoderConfig {
    requireWithin("vocab_size", vocabularySize, GptConfig.MAX_TOKENS);
    requireWithin("max_position_embeddings", positions, GptConfig.MAX_TOKENS);
    requireWithin("dim", width, GptConfig.MAX_WIDTH);
    requireWithin("n_layers", layers, GptConfig.MAX_LAYERS);
    requireWithin("n_heads", heads, GptConfig.MAX_WIDTH);
    requireWithin("hidden_dim", hiddenWidth, GptConfig.MAX_WIDTH);
    if (width % heads != 0) {
      throw new IllegalArgumentException(
          "n_heads: %d (expected: a divisor of dim = %d)".formatted(heads, width));
    }
  }

  private static void requireWithin(String key, int value, int most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(key + ": " + value + " (expected: 1 to " + most + ")");
    }
  }

  /** These sizes with another number of tokens. */
  EncoderConfig withVocabulary(int tokens) {
    return new EncoderConfig(tokens, positions, width, layers, heads, hiddenWidth);
  }

  static EncoderConfig read(JsonFile config) {
    if (!config.text("activation", "gelu").equals("gelu")) {
      throw config.wrong("activation", "gelu");
    }
    int width = config.positiveInt("dim");
    int heads = config.positiveInt("n_heads");
    if (width % heads != 0) {
      throw config.wrong("n_heads", "a divisor of dim = " + width);
    }
    try {
      return new EncoderConfig(
          config.positiveInt("vocab_size"),
          config.positiveInt("max_position_embeddings"),
          width,
          config.positiveInt("n_layers"),
          heads,
          config.positiveInt("hidden_dim"));
    } catch (IllegalArgumentException e) {
      throw new ModelFormatException(config.path(), String.valueOf(e.getMessage()), e);
    }
  }

  void write(Path file, Labels labels, int paddingToken) {
    ObjectNode config = JsonFile.MAPPER.createObjectNode();
    config.put("model_type", MODEL_TYPE);
    config.putArray("architectures").add("DistilBertForSequenceClassification");
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
    JsonFile.write(file, config);
  }

  /** The tensors of {@code DistilBertForSequenceClassification} with these sizes, in its order. */
  List<TensorShape> tensors(int labels) {
    var tensors = new ArrayList<TensorShape>();
    var embeddings = "distilbert.embeddings.";
    tensors.add(TensorShape.of(embeddings + "word_embeddings.weight", vocabularySize, width));
    tensors.add(TensorShape.of(embeddings + "position_embeddings.weight", positions, width));
    norm(tensors, embeddings + "LayerNorm");
    for (int layer = 0; layer < layers; layer++) {
      var block = "distilbert.transformer.layer." + layer + ".";
      for (var part : List.of("q_lin", "k_lin", "v_lin", "out_lin")) {
        linear(tensors, block + "attention." + part, width, width);
      }
      norm(tensors, block + "sa_layer_norm");
      linear(tensors, block + "ffn.lin1", hiddenWidth, width);
      linear(tensors, block + "ffn.lin2", width, hiddenWidth);
      norm(tensors, block + "output_layer_norm");
    }
    linear(tensors, "pre_classifier", width, width);
    linear(tensors, "classifier", labels, width);
    return tensors;
  }

  private static void linear(List<TensorShape> tensors, String name, int outputs, int inputs) {
    tensors.add(TensorShape.of(name + ".weight", outputs, inputs));
    tensors.add(TensorShape.of(name + ".bias", outputs));
  }

  private void norm(List<TensorShape> tensors, String name) {
    tensors.add(TensorShape.of(name + ".weight", width));
    tensors.add(TensorShape.of(name + ".bias", width));
  }
}
