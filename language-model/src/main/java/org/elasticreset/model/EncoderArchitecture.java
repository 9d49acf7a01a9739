package org.elasticreset.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.elasticreset.model.files.TensorShape;

/**
 * The encoders of {@code program/bert.py}: what their {@code config.json} calls things, and what
 * their {@code ...ForSequenceClassification} in Hugging Face's transformers calls its tensors.
 */
enum EncoderArchitecture {
  BERT(
      "bert",
      "BertForSequenceClassification",
      Keys.OF_BERT,
      "encoder.layer.",
      Parts.OF_BERT,
      "bert.pooler.dense",
      "classifier",
      "tanh"),
  ROBERTA(
      "roberta",
      "RobertaForSequenceClassification",
      Keys.OF_BERT,
      "encoder.layer.",
      Parts.OF_BERT,
      "classifier.dense",
      "classifier.out_proj",
      "tanh"),
  DISTILBERT(
      "distilbert",
      "DistilBertForSequenceClassification",
      new Keys("dim", "n_layers", "n_heads", "hidden_dim", "activation"),
      "transformer.layer.",
      new Parts(
          List.of("attention.q_lin", "attention.k_lin", "attention.v_lin", "attention.out_lin"),
          "sa_layer_norm",
          "ffn.lin1",
          "ffn.lin2",
          "output_layer_norm"),
      "pre_classifier",
      "classifier",
      "relu");

  /** Of {@code config.json}. */
  record Keys(String width, String layers, String heads, String hiddenWidth, String activation) {

    static final Keys OF_BERT =
        new Keys(
            "hidden_size",
            "num_hidden_layers",
            "num_attention_heads",
            "intermediate_size",
            "hidden_act");
  }

  /** Names within a block: queries, keys, values and outputs of attention first. */
  private record Parts(
      List<String> attention, String attentionNorm, String inner, String outer, String outerNorm) {

    static final Parts OF_BERT =
        new Parts(
            List.of(
                "attention.self.query",
                "attention.self.key",
                "attention.self.value",
                "attention.output.dense"),
            "attention.output.LayerNorm",
            "intermediate.dense",
            "output.dense",
            "output.LayerNorm");
  }

  private static final String[] OF_BERT = {
    "attention_probs_dropout_prob",
    "classifier_dropout",
    "hidden_dropout_prob",
    "layer_norm_eps",
    "type_vocab_size",
    // Written for BERT's first multilingual models, and read by no one.
    "directionality",
    "pooler_fc_size",
    "pooler_num_attention_heads",
    "pooler_num_fc_layers",
    "pooler_size_per_head",
    "pooler_type"
  };
  private static final String[] OF_DISTILBERT = {
    "attention_dropout",
    "dropout",
    "qa_dropout",
    "seq_classif_dropout",
    "sinusoidal_pos_embds", // how the position table was made, not how it is read
    "tie_weights_"
  };

  final String modelType;
  final String className;
  final Keys keys;
  private final String blocks;
  private final Parts parts;
  private final String head;
  private final String classifier;

  /** The activation of the head, as the program calls it. */
  final String pooling;

  EncoderArchitecture(
      String modelType,
      String className,
      Keys keys,
      String blocks,
      Parts parts,
      String head,
      String classifier,
      String pooling) {
    this.modelType = modelType;
    this.className = className;
    this.keys = keys;
    this.blocks = modelType + "." + blocks;
    this.parts = parts;
    this.head = head;
    this.classifier = classifier;
    this.pooling = pooling;
  }

  /** Keys of {@code config.json} that are read, or that say nothing about what is computed here. */
  String[] otherSettings() {
    return this == DISTILBERT ? OF_DISTILBERT : OF_BERT;
  }

  static Optional<EncoderArchitecture> of(String modelType) {
    return List.of(values()).stream()
        .filter(architecture -> architecture.modelType.equals(modelType))
        .findFirst();
  }

  /** Tensors of these sizes in the order of {@code program/bert.py}. */
  List<TensorShape> tensors(EncoderConfig sizes, int labels) {
    int width = sizes.width();
    var tensors = new ArrayList<TensorShape>();
    var embeddings = modelType + ".embeddings.";
    table(tensors, embeddings + "word_embeddings", sizes.vocabularySize(), width);
    table(tensors, embeddings + "position_embeddings", sizes.positions(), width);
    if (sizes.tokenTypes() > 0) {
      table(tensors, embeddings + "token_type_embeddings", sizes.tokenTypes(), width);
    }
    norm(tensors, embeddings + "LayerNorm", width);
    for (int layer = 0; layer < sizes.layers(); layer++) {
      var block = blocks + layer + ".";
      for (var part : parts.attention) {
        linear(tensors, block + part, width, width);
      }
      norm(tensors, block + parts.attentionNorm, width);
      linear(tensors, block + parts.inner, sizes.hiddenWidth(), width);
      linear(tensors, block + parts.outer, width, sizes.hiddenWidth());
      norm(tensors, block + parts.outerNorm, width);
    }
    linear(tensors, head, width, width);
    linear(tensors, classifier, labels, width);
    return List.copyOf(tensors);
  }

  private static void table(List<TensorShape> tensors, String name, int rows, int width) {
    tensors.add(TensorShape.of(name + ".weight", rows, width));
  }

  private static void linear(List<TensorShape> tensors, String name, int outputs, int inputs) {
    tensors.add(TensorShape.of(name + ".weight", outputs, inputs));
    tensors.add(TensorShape.of(name + ".bias", outputs));
  }

  private static void norm(List<TensorShape> tensors, String name, int width) {
    tensors.add(TensorShape.of(name + ".weight", width));
    tensors.add(TensorShape.of(name + ".bias", width));
  }
}
