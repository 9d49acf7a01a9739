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
import org.elasticreset.model.files.JsonFile;
import org.elasticreset.model.files.ModelDirectory;
import org.elasticreset.model.files.ModelWeights;
import org.elasticreset.model.files.TensorShape;
import org.elasticreset.model.tokenizer.Tokenizer;

/**
 * A decoder, GPT-2 or of the Llama family, with a classification head in the layout of Hugging
 * Face's transformers: {@code score.weight}, without a bias, of the last token's hidden state.
 *
 * <p>The input is the text with the special tokens of the tokenizer's post-processor around it; a
 * text that is too long loses its end. The last token is the last that is not {@code pad_token_id}.
 */
public final class DecoderClassifier implements SequenceClassifier {

  /** What transformers calls them, by {@code model_type}. */
  static final Map<String, String> CLASS_NAMES =
      Map.of(
          "gpt2", "GPT2ForSequenceClassification",
          "llama", "LlamaForSequenceClassification",
          "mistral", "MistralForSequenceClassification",
          "qwen2", "Qwen2ForSequenceClassification");

  private static final String SCORE = "score.weight";

  private final DecoderConfig config;
  private final ProgramSettings programSettings;
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
    this.programSettings = Adapters.settings(config, null);
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

  private static void requireFits(Tokenizer tokenizer, JsonFile file, DecoderConfig config) {
    int special = tokenizer.encodeWithSpecialTokens("").length;
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
    return logitsOfTokens(
        texts.stream()
            .map(text -> tokenizer.encodeWithSpecialTokens(text, config.positions()))
            .toList());
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
    int columns = LengthBatches.longest(inputs);
    var rows = new long[inputs.size()];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = (long) i * columns + last(inputs.get(i));
    }
    try (var call = scope.newSubManager()) {
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
                      call.create(LengthBatches.padded(inputs, 0), new Shape(rows.length, columns)),
                      call.create(rows));
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
    return Engine.program(
        programSettings,
        "program/scopes.py",
        "program/dropout.py",
        "program/adapters.py",
        "program/cache.py",
        config.program(),
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
