package org.elasticreset.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.elasticreset.model.files.JsonFile;
import org.elasticreset.model.files.ModelDirectory;
import org.elasticreset.model.files.ModelFormatException;
import org.elasticreset.model.files.ModelWeights;
import org.elasticreset.model.files.TensorShape;
import org.elasticreset.model.tokenizer.Tokenizer;

/**
 * A transformer encoder with a classification head: BERT, RoBERTa or DistilBERT in the layout of
 * Hugging Face's transformers.
 *
 * <p>The input is the text with the special tokens of the tokenizer's post-processor around it,
 * {@code [CLS] text [SEP]} or {@code <s> text </s>}, and a text that is too long loses its end, as
 * in transformers. Encoders that are trained here have no post-processor, and a rule of their own:
 * {@code [CLS] text}, of which a text that is too long keeps its first quarter and its end, for a
 * review says there what it thinks (Sun et al. 2019, "How to Fine-Tune BERT for Text
 * Classification", section 5.3).
 *
 * <p>Padding is on the right and masked, so a score depends on its batch mates by rounding only.
 */
public final class EncoderClassifier implements PairReward {

  static final String CLASSIFY = "[CLS]";
  static final String PADDING = "[PAD]";
  static final String UNKNOWN = "[UNK]";

  /** What a tokenizer of encoders that are trained here has besides words. */
  static final List<String> SPECIAL_TOKENS = List.of(PADDING, CLASSIFY, UNKNOWN);

  private static final double NARROW = 0.02;

  private final EncoderConfig config;
  private final ObjectNode json;
  private final ClassifierHead head;
  private final Tokenizer tokenizer;
  private final boolean framed;
  private final NDManager scope;
  private final Parameters parameters;

  private EncoderClassifier(
      EncoderConfig config, ObjectNode json, ClassifierHead head, Tokenizer tokenizer) {
    this.config = config;
    this.json = json;
    this.head = head;
    this.tokenizer = tokenizer;
    this.framed = tokenizer.specialTokens() > 0;
    this.scope = Engine.scope();
    this.parameters = new Parameters(scope, config.tensors(head.labels().size()));
  }

  /** Opens a model directory; see {@link SequenceClassifier#open}. */
  static EncoderClassifier open(ModelDirectory directory, EncoderArchitecture architecture) {
    var file = JsonFile.open(directory.file(ClassifierDirectory.CONFIG));
    var config = EncoderConfig.read(architecture, file);
    var head = ClassifierHead.read(file, architecture.className);
    var tokenizer = Tokenizer.open(directory.path());
    try (var weights = ModelWeights.open(directory, EncoderClassifier::canonicalName)) {
      requireFits(directory, tokenizer, file, config);
      weights.require(config.tensors(head.labels().size()));
      var classifier = new EncoderClassifier(config, file.root(), head, tokenizer);
      try {
        weights.load(classifier.parameters);
        return classifier;
      } catch (RuntimeException e) {
        classifier.scope.close();
        throw e;
      }
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  /** The first BERTs name the weights and biases of norms after the Greek letters of the paper. */
  private static String canonicalName(String name) {
    return name.replaceFirst("LayerNorm\\.gamma$", "LayerNorm.weight")
        .replaceFirst("LayerNorm\\.beta$", "LayerNorm.bias");
  }

  private static void requireFits(
      ModelDirectory directory, Tokenizer tokenizer, JsonFile file, EncoderConfig config) {
    int special = tokenizer.specialTokens();
    if (special == 0 && tokenizer.id(CLASSIFY).isEmpty()) {
      throw ModelFormatException.of(
          directory.file(Tokenizer.FILE),
          "post_processor",
          "none, and no token " + CLASSIFY,
          "a post-processor or a token " + CLASSIFY);
    }
    if (special > config.longestInput()) {
      throw file.wrong("max_position_embeddings", "room for " + special + " special tokens");
    }
    if (tokenizer.size() > config.vocabularySize()) {
      throw file.wrong("vocab_size", "at least the tokenizer's " + tokenizer.size());
    }
  }

  /**
   * An untrained encoder. Attention starts out near uniform and passes on what it gathers: queries
   * and keys are narrow, values and outputs keep their size. So the first token begins as an
   * average over the text, from which a small model learns fast.
   */
  static EncoderClassifier initialise(
      EncoderConfig config, List<String> labels, Tokenizer tokenizer, long seed) {
    if (tokenizer.id(CLASSIFY).isEmpty()) {
      throw new IllegalArgumentException(
          "special tokens of " + tokenizer + ": no " + CLASSIFY + " (expected: one)");
    }
    var head = new ClassifierHead(new Labels(labels), ProblemType.SINGLE_LABEL_CLASSIFICATION);
    return initialise(config, config.json(head.labels()), head, tokenizer, seed);
  }

  /** An untrained encoder as above whose one logit is a reward. */
  static EncoderClassifier reward(EncoderConfig config, Tokenizer tokenizer, long seed) {
    var head =
        new ClassifierHead(new Labels(List.of(PreferenceTraining.LABEL)), ProblemType.REGRESSION);
    var json = config.json(head.labels()).put("problem_type", "regression");
    return initialise(config, json, head, tokenizer, seed);
  }

  private static EncoderClassifier initialise(
      EncoderConfig config, ObjectNode json, ClassifierHead head, Tokenizer tokenizer, long seed) {
    var classifier = new EncoderClassifier(config, json, head, tokenizer);
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
    return head.labels().names();
  }

  @Override
  public ProblemType problem() {
    return head.problem();
  }

  public EncoderConfig config() {
    return config;
  }

  @Override
  public Parameters parameters() {
    return parameters;
  }

  Tokenizer tokenizer() {
    return tokenizer;
  }

  @Override
  public float[][] logits(List<String> texts) {
    return logitsOfTokens(Engine.sideBySide(texts, text -> input(text).tokens()));
  }

  /** Special tokens, and as much of the text as there is room for. */
  @Override
  public TokenInput input(String text) {
    var tokens = tokenizer.encode(text);
    var input =
        framed ? tokenizer.addSpecialTokens(tokens, config.longestInput()) : classified(tokens);
    int special = framed ? tokenizer.specialTokens() : 1;
    return new TokenInput(input, tokens.length + special > input.length);
  }

  /** {@code [CLS]} and the text: its first quarter and its end, if it is too long. */
  int[] classified(int[] text) {
    int room = config.longestInput() - 1;
    int kept = Math.min(text.length, room);
    int first = kept < text.length ? room / 4 : kept;
    var input = new int[1 + kept];
    input[0] = tokenizer.id(CLASSIFY).orElseThrow();
    System.arraycopy(text, 0, input, 1, first);
    System.arraycopy(text, text.length - (kept - first), input, 1 + first, kept - first);
    return input;
  }

  /** {@link #logits} of inputs that have their special tokens. */
  float[][] logitsOfTokens(List<int[]> inputs) {
    return LengthBatches.score(inputs, this::logitsOfBatch);
  }

  private float[][] logitsOfBatch(List<int[]> inputs) {
    try (var call = scope.newSubManager()) {
      var batch = batch(call, inputs);
      var logits =
          (NDArray)
              program()
                  .call(
                      call,
                      "logits",
                      parameters.views(),
                      Precision.FLOAT32.code,
                      batch.tokens(),
                      batch.lengths());
      return head.rows(logits.toFloatArray());
    }
  }

  /** tokens [B,S], padded on the right, lengths [B]; both int64. */
  record Batch(NDArray tokens, NDArray lengths) {}

  Batch batch(NDManager call, List<int[]> inputs) {
    var lengths = inputs.stream().mapToLong(input -> input.length).toArray();
    var tokens = LengthBatches.padded(inputs, config.paddingToken());
    var shape = new Shape(lengths.length, LengthBatches.longest(inputs));
    return new Batch(call.create(tokens, shape), call.create(lengths));
  }

  @Override
  public PairInputs pairInputs(NDManager call, List<int[]> inputs) {
    var batch = batch(call, inputs);
    return new PairInputs(batch.tokens(), batch.lengths());
  }

  @Override
  public Program pairProgram() {
    return program();
  }

  @Override
  public boolean standardise(double mean, double deviation) {
    int last = parameters.tensors().size() - 1;
    var weight = parameters.values(last - 1);
    var bias = parameters.values(last);
    for (int i = 0; i < weight.length; i++) {
      weight[i] = (float) (weight[i] / deviation);
    }
    bias[0] = (float) ((bias[0] - mean) / deviation);
    parameters.setValues(last - 1, weight);
    parameters.setValues(last, bias);
    return true;
  }

  Program program() {
    return program(config);
  }

  static Program program(EncoderConfig config) {
    return Engine.program(
        config.settings(),
        "program/scopes.py",
        "program/optimizer.py",
        "program/dropout.py",
        "program/preference.py",
        "program/bert.py");
  }

  @Override
  public void save(Path directory) {
    ClassifierDirectory.write(directory, json, parameters, tokenizer);
  }

  @Override
  public void close() {
    scope.close();
    tokenizer.close();
  }
}
