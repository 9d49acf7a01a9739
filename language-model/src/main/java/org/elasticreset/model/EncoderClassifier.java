package org.elasticreset.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A transformer encoder with a classification head, in Hugging Face's DistilBERT layout.
 *
 * <p>The input is {@code [CLS]} and the tokens of the text. A text of more tokens than the model
 * has positions keeps its first quarter and its end: a review says there what it thinks (Sun et al.
 * 2019, "How to Fine-Tune BERT for Text Classification", section 5.3). Padding is on the right and
 * masked, so a score depends on its batch mates by rounding only.
 */
public final class EncoderClassifier implements SequenceClassifier {

  static final String CLASSIFY = "[CLS]";
  static final String PADDING = "[PAD]";
  static final String UNKNOWN = "[UNK]";

  /** TorchScript's number for float32. */
  static final int FLOAT32 = 6;

  private static final double NARROW = 0.02;

  private final EncoderConfig config;
  private final Labels labels;
  private final Tokenizer tokenizer;
  private final int classifyToken;
  private final int paddingToken;
  private final NDManager scope;
  private final Parameters parameters;

  private EncoderClassifier(EncoderConfig config, Labels labels, Tokenizer tokenizer) {
    this.config = config;
    this.labels = labels;
    this.tokenizer = tokenizer;
    this.classifyToken = required(tokenizer, CLASSIFY);
    this.paddingToken = required(tokenizer, PADDING);
    this.scope = Engine.scope();
    this.parameters = new Parameters(scope, config.tensors(labels.size()));
  }

  private static int required(Tokenizer tokenizer, String token) {
    return tokenizer
        .id(token)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "special tokens of " + tokenizer + ": no " + token + " (expected: one)"));
  }

  /** Opens a model directory; see {@link SequenceClassifier#open}. */
  static EncoderClassifier open(ModelDirectory directory) {
    var file = JsonFile.open(directory.file("config.json"));
    var config = EncoderConfig.read(file);
    var labels = Labels.read(file);
    var tokenizer = Tokenizer.open(directory.path());
    try (var weights = TensorFile.open(directory.file("model.safetensors"))) {
      requireFits(directory, tokenizer, file, config);
      weights.require(config.tensors(labels.size()));
      return open(config, labels, tokenizer, weights);
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  private static void requireFits(
      ModelDirectory directory, Tokenizer tokenizer, JsonFile file, EncoderConfig config) {
    for (var token : List.of(CLASSIFY, PADDING)) {
      if (tokenizer.id(token).isEmpty()) {
        throw ModelFormatException.of(
            directory.file(Tokenizer.FILE), "added_tokens", "no " + token, "a token " + token);
      }
    }
    if (tokenizer.size() > config.vocabularySize()) {
      throw file.wrong("vocab_size", "at least the tokenizer's " + tokenizer.size());
    }
  }

  private static EncoderClassifier open(
      EncoderConfig config, Labels labels, Tokenizer tokenizer, TensorFile weights) {
    var classifier = new EncoderClassifier(config, labels, tokenizer);
    try {
      weights.load(classifier.parameters);
      return classifier;
    } catch (RuntimeException e) {
      classifier.close();
      throw e;
    }
  }

  /**
   * An untrained encoder. Attention starts out near uniform and passes on what it gathers: queries
   * and keys are narrow, values and outputs keep their size. So the first token begins as an
   * average over the text, from which a small model learns fast.
   */
  static EncoderClassifier initialise(
      EncoderConfig config, List<String> labels, Tokenizer tokenizer, long seed) {
    var classifier = new EncoderClassifier(config, new Labels(labels), tokenizer);
    var random = new SplittableRandom(seed);
    long offset = 0;
    for (var tensor : classifier.parameters.tensors()) {
      var values = initialValues(tensor, random);
      classifier.parameters.write(offset, values);
      offset += tensor.count() * Float.BYTES;
    }
    return classifier;
  }

  private static ByteBuffer initialValues(TensorShape tensor, SplittableRandom random) {
    var values =
        ByteBuffer.allocate(Math.toIntExact(tensor.count() * Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    var name = tensor.name();
    boolean matrix = tensor.shape().length > 1;
    double constant = !matrix && name.matches(".*(LayerNorm|layer_norm)\\.weight") ? 1 : 0;
    double deviation = matrix ? deviation(tensor) : 0;
    while (values.hasRemaining()) {
      values.putFloat((float) (constant + (matrix ? deviation * random.nextGaussian() : 0)));
    }
    return values.flip();
  }

  private static double deviation(TensorShape tensor) {
    if (tensor.name().contains("position_embeddings")) {
      return NARROW / 10; // order matters less than words
    }
    if (tensor.name().matches(".*(v_lin|out_lin|pre_classifier)\\.weight")) {
      return 1 / Math.sqrt(tensor.shape()[1]);
    }
    return NARROW;
  }

  @Override
  public List<String> labels() {
    return labels.names();
  }

  public EncoderConfig config() {
    return config;
  }

  Parameters parameters() {
    return parameters;
  }

  Tokenizer tokenizer() {
    return tokenizer;
  }

  @Override
  public float[][] probabilities(List<String> texts) {
    return probabilitiesOfTokens(texts.stream().map(tokenizer::encode).toList());
  }

  /** {@link #probabilities} of texts that are encoded already, without {@code [CLS]}. */
  float[][] probabilitiesOfTokens(List<int[]> texts) {
    if (texts.isEmpty()) {
      return new float[0][];
    }
    try (var call = scope.newSubManager()) {
      var batch = batch(call, texts.stream().map(this::truncate).toList());
      var result =
          (NDArray)
              program()
                  .call(
                      call,
                      "probabilities",
                      parameters.views(),
                      config.heads(),
                      FLOAT32,
                      batch.tokens(),
                      batch.lengths());
      return rows(result.toFloatArray(), labels.size());
    }
  }

  private static float[][] rows(float[] flat, int columns) {
    var rows = new float[flat.length / columns][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Arrays.copyOfRange(flat, i * columns, (i + 1) * columns);
    }
    return rows;
  }

  /** The first quarter and the end, if the text is longer than the positions after [CLS]. */
  int[] truncate(int[] text) {
    int room = config.positions() - 1;
    if (text.length <= room) {
      return text;
    }
    int head = room / 4;
    var kept = Arrays.copyOf(text, room);
    System.arraycopy(text, text.length - (room - head), kept, head, room - head);
    return kept;
  }

  /** tokens [B,S] with {@code [CLS]} first and padding last, lengths [B]; both int64. */
  record Batch(NDArray tokens, NDArray lengths) {}

  Batch batch(NDManager call, List<int[]> texts) {
    int columns = 1 + texts.stream().mapToInt(text -> text.length).max().orElse(0);
    var tokens = new long[texts.size() * columns];
    Arrays.fill(tokens, paddingToken);
    var lengths = new long[texts.size()];
    for (int row = 0; row < lengths.length; row++) {
      var text = texts.get(row);
      int start = row * columns;
      tokens[start] = classifyToken;
      for (int i = 0; i < text.length; i++) {
        tokens[start + 1 + i] = text[i];
      }
      lengths[row] = 1 + text.length;
    }
    return new Batch(call.create(tokens, new Shape(texts.size(), columns)), call.create(lengths));
  }

  static Program program() {
    return Engine.program("program/scopes.py", "program/optimizer.py", "program/encoder.py");
  }

  @Override
  public void save(Path directory) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("creating " + directory, e);
    }
    config.write(directory.resolve("config.json"), labels, paddingToken);
    var tensors = new ArrayList<SafeTensors.Tensor>();
    long offset = 0;
    for (var tensor : parameters.tensors()) {
      int bytes = Math.toIntExact(tensor.count() * Float.BYTES);
      tensors.add(
          new SafeTensors.Tensor(tensor.name(), tensor.shape(), parameters.read(offset, bytes)));
      offset += bytes;
    }
    SafeTensors.write(directory.resolve("model.safetensors"), tensors, SafeTensors.Dtype.F16);
    tokenizer.save(directory);
  }

  @Override
  public void close() {
    scope.close();
    tokenizer.close();
  }
}
