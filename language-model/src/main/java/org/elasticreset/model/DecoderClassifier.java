package org.elasticreset.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.elasticreset.model.files.JsonFile;
import org.elasticreset.model.files.ModelDirectory;
import org.elasticreset.model.files.ModelWeights;
import org.elasticreset.model.files.TensorShape;
import org.elasticreset.model.tokenizer.Tokenizer;
import org.elasticreset.model.tokenizer.TokenizerFiles;

/**
 * A decoder, GPT-2 or of the Llama family, with a classification head in the layout of Hugging
 * Face's transformers: {@code score.weight}, without a bias, of the last token's hidden state.
 *
 * <p>The input is the text with the special tokens of the tokenizer's post-processor around it; a
 * text that is too long loses its end, or its beginning where {@code tokenizer_config.json} says so
 * ({@code truncation_side}), as it does for reward models that are trained here. The last token is
 * the last that is not {@code pad_token_id}.
 */
public final class DecoderClassifier implements PairReward {

  /** What transformers calls them, by {@code model_type}. */
  static final Map<String, String> CLASS_NAMES =
      Map.of(
          "gpt2", "GPT2ForSequenceClassification",
          "llama", "LlamaForSequenceClassification",
          "mistral", "MistralForSequenceClassification",
          "qwen2", "Qwen2ForSequenceClassification");

  private static final String SCORE = "score.weight";

  private final DecoderConfig config;
  private final ObjectNode json;
  private final ClassifierHead head;
  private final OptionalInt paddingToken;
  private final Tokenizer tokenizer;
  private final NDManager scope;
  private final Parameters parameters;

  private DecoderClassifier(
      DecoderConfig config,
      ObjectNode json,
      ClassifierHead head,
      OptionalInt paddingToken,
      Tokenizer tokenizer) {
    this.config = config;
    this.json = json;
    this.head = head;
    this.paddingToken = paddingToken;
    this.tokenizer = tokenizer;
    this.scope = Engine.scope();
    this.parameters = new Parameters(scope, tensors(config, head));
  }

  private static List<TensorShape> tensors(DecoderConfig config, ClassifierHead head) {
    var tensors = new ArrayList<>(config.tensors());
    tensors.add(TensorShape.of(SCORE, head.labels().size(), config.width()));
    return tensors;
  }

  /** Opens a model directory; see {@link SequenceClassifier#open}. */
  static DecoderClassifier open(ModelDirectory directory, String className) {
    var file = JsonFile.open(directory.file(ClassifierDirectory.CONFIG));
    var head = ClassifierHead.read(file, className);
    var config = DecoderConfig.read(file).headless();
    var padding = ClassifierHead.paddingToken(file);
    var tokenizer = Tokenizer.open(directory.path());
    try (var weights =
        ModelWeights.open(
            directory, name -> name.equals(SCORE) ? name : config.canonicalName(name))) {
      requireFits(tokenizer, file, config);
      weights.require(tensors(config, head));
      var classifier = new DecoderClassifier(config, file.root(), head, padding, tokenizer);
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

  /**
   * Writes a decoder with a new head for one reward, N(0, 1 / (D + 1)) (Stiennon et al. 2020,
   * appendix B.1), whose texts keep their ends.
   *
   * @param decoder directory of a language model
   * @param output exists
   */
  static void begin(Path decoder, Path output, long seed) {
    try (var model = CausalLanguageModel.open(decoder)) {
      var config = model.config().headless();
      var json = JsonFile.open(decoder.resolve(ClassifierDirectory.CONFIG)).root().deepCopy();
      var end = config.endTokens();
      var labels = new Labels(List.of(PreferenceTraining.LABEL));
      var className = CLASS_NAMES.get(json.path("model_type").asText());
      json.putArray("architectures").add(className);
      json.put("problem_type", "regression");
      labels.write(json);
      if (!json.hasNonNull("pad_token_id")) {
        // Without one transformers reads no more than one text at a time.
        json.put("pad_token_id", end.isEmpty() ? 0 : end.get(0));
      }
      var head = new ClassifierHead(labels, ProblemType.REGRESSION);
      var classifier =
          new DecoderClassifier(config, json, head, OptionalInt.empty(), model.tokenizer());
      classifier.takeOver(model.weights());
      classifier.newHead(seed);
      classifier.save(output);
      classifier.scope.close();
      var files = JsonFile.open(output.resolve(TokenizerFiles.CONFIGURATION));
      JsonFile.write(files.path(), files.root().put("truncation_side", "left"));
    }
  }

  private void takeOver(Parameters weights) {
    var names = weights.tensors().stream().map(TensorShape::name).toList();
    for (int i = 0; i < parameters.tensors().size() - 1; i++) {
      int from = names.indexOf(parameters.tensors().get(i).name());
      parameters.setValues(i, weights.values(from));
    }
  }

  private void newHead(long seed) {
    var random = new SplittableRandom(seed);
    var score = new float[config.width()];
    for (int i = 0; i < score.length; i++) {
      score[i] = (float) (random.nextGaussian() / Math.sqrt(config.width() + 1));
    }
    parameters.setValues(parameters.tensors().size() - 1, score);
  }

  private static void requireFits(Tokenizer tokenizer, JsonFile file, DecoderConfig config) {
    int special = tokenizer.specialTokens();
    if (special > config.positions()) {
      throw file.wrong(config.positionsKey(), "room for " + special + " special tokens");
    }
    if (tokenizer.size() > config.vocabularySize()) {
      throw file.wrong("vocab_size", "at least the tokenizer's " + tokenizer.size());
    }
  }

  @Override
  public List<String> labels() {
    return head.labels().names();
  }

  @Override
  public ProblemType problem() {
    return head.problem();
  }

  @Override
  public float[][] logits(List<String> texts) {
    return logitsOfTokens(Engine.sideBySide(texts, text -> input(text).tokens()));
  }

  @Override
  public Parameters parameters() {
    return parameters;
  }

  @Override
  public TokenInput input(String text) {
    var tokens = tokenizer.encode(text);
    var kept = tokenizer.addSpecialTokens(tokens, config.positions());
    return new TokenInput(notEmpty(kept), kept.length < tokens.length + tokenizer.specialTokens());
  }

  @Override
  public PairInputs pairInputs(NDManager call, List<int[]> inputs) {
    int columns = LengthBatches.longest(inputs);
    var rows = new long[inputs.size()];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (long) i * columns + last(inputs.get(i));
    }
    var tokens = LengthBatches.padded(inputs, 0);
    return new PairInputs(call.create(tokens, new Shape(rows.length, columns)), call.create(rows));
  }

  @Override
  public Program pairProgram() {
    return program();
  }

  /**
   * The score has no bias. What is added to the bias of the norm before it along the score's own
   * direction, c · w / |w|², adds c; a norm without a bias, as Llama's, leaves the mean where it
   * is.
   */
  @Override
  public boolean standardise(double mean, double deviation) {
    int last = parameters.tensors().size() - 1;
    var score = parameters.values(last);
    double squares = 0;
    for (int i = 0; i < score.length; i++) {
      score[i] = (float) (score[i] / deviation);
      squares += score[i] * score[i];
    }
    parameters.setValues(last, score);
    if (!parameters.tensors().get(last - 1).name().endsWith("ln_f.bias")) {
      return false;
    }
    var bias = parameters.values(last - 1);
    for (int i = 0; i < bias.length; i++) {
      bias[i] -= (float) (mean / deviation * score[i] / squares);
    }
    parameters.setValues(last - 1, bias);
    return true;
  }

  /** {@link #logits} of inputs that have their special tokens. */
  float[][] logitsOfTokens(List<int[]> inputs) {
    return LengthBatches.score(inputs.stream().map(this::notEmpty).toList(), this::logitsOfBatch);
  }

  /** Nothing is read as the end of a text alone. */
  private int[] notEmpty(int[] input) {
    if (input.length > 0) {
      return input;
    }
    return new int[] {config.endTokens().isEmpty() ? 0 : config.endTokens().get(0)};
  }

  private float[][] logitsOfBatch(List<int[]> inputs) {
    try (var call = scope.newSubManager()) {
      var read = pairInputs(call, inputs);
      var weights = parameters.views();
      var logits =
          (NDArray)
              program()
                  .call(
                      call,
                      "logits",
                      weights.subList(0, weights.size() - 1),
                      weights.get(weights.size() - 1),
                      Precision.FLOAT32.code,
                      read.tokens(),
                      read.places());
      return head.rows(logits.toFloatArray());
    }
  }

  /** As transformers finds it: the last token that is not padding, the first if all are. */
  private int last(int[] input) {
    if (paddingToken.isEmpty()) {
      return input.length - 1;
    }
    int last = input.length - 1;
    while (last > 0 && input[last] == paddingToken.getAsInt()) {
      last--;
    }
    return last;
  }

  private Program program() {
    return program(config);
  }

  static Program program(DecoderConfig config) {
    return Engine.program(
        Adapters.settings(config, null),
        "program/scopes.py",
        "program/optimizer.py",
        "program/dropout.py",
        "program/adapters.py",
        "program/cache.py",
        config.program(),
        "program/preference.py",
        "program/classifier.py");
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
