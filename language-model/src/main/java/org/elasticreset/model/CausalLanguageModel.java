package org.elasticreset.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A GPT-2 model: its shape, tokenizer and parameters.
 *
 * <p>Calls that only read the parameters may come from several threads; reading while the
 * parameters are written or trained gives a mixture of both.
 */
public final class CausalLanguageModel implements AutoCloseable {

  private static final double INITIAL_DEVIATION = 0.02;

  private final GptConfig config;
  private final @Nullable Tokenizer tokenizer;
  private final boolean ownsTokenizer;
  private final NDManager scope;
  private final Parameters parameters;

  private CausalLanguageModel(
      GptConfig config, @Nullable Tokenizer tokenizer, boolean ownsTokenizer) {
    this.config = config;
    this.tokenizer = tokenizer;
    this.ownsTokenizer = ownsTokenizer;
    this.scope = Engine.scope();
    this.parameters = new Parameters(scope, config.tensors());
  }

  /**
   * Opens a Hugging Face model directory: {@code config.json}, {@code model.safetensors}, {@code
   * tokenizer.json} and, if there, {@code generation_config.json}. The directory may come from
   * anyone; the package says what is bounded.
   *
   * @throws ModelFormatException naming file, key, value and what was expected
   */
  public static CausalLanguageModel open(Path directory) {
    var files = new ModelDirectory(directory);
    var config = GptFiles.readConfig(files);
    var tokenizer = Tokenizer.open(directory);
    try (var weights = GptFiles.openWeights(files)) {
      GptFiles.requireFits(files, tokenizer, config);
      weights.require(config.tensors());
      return open(config, tokenizer, weights);
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  private static CausalLanguageModel open(
      GptConfig config, Tokenizer tokenizer, TensorFile weights) {
    var model = new CausalLanguageModel(config, tokenizer, true);
    try {
      weights.load(model.parameters);
      return model;
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /**
   * A new model with the weights GPT-2 starts from: normal with deviation 0.02, the projections
   * into the residual stream divided by √(2 · layers), biases 0, norms 1.
   *
   * @param tokenizer stays the caller's to close; without one the model knows tokens only
   */
  public static CausalLanguageModel initialise(
      GptConfig config, @Nullable Tokenizer tokenizer, long seed) {
    var model = new CausalLanguageModel(config, tokenizer, false);
    var random = new SplittableRandom(seed);
    long offset = 0;
    for (var tensor : config.tensors()) {
      var values = initialValues(tensor, config.layers(), random);
      model.parameters.write(offset, values);
      offset += values.capacity();
    }
    return model;
  }

  private static ByteBuffer initialValues(TensorShape tensor, int layers, RandomGenerator random) {
    var values =
        ByteBuffer.allocate(Math.toIntExact(tensor.count() * Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    boolean matrix = tensor.shape().length > 1;
    boolean norm = tensor.name().matches(".*\\.ln_[12f]\\.weight");
    boolean intoResidual = tensor.name().endsWith("c_proj.weight");
    double deviation =
        intoResidual ? INITIAL_DEVIATION / Math.sqrt(2.0 * layers) : INITIAL_DEVIATION;
    while (values.hasRemaining()) {
      values.putFloat(matrix ? (float) (deviation * random.nextGaussian()) : norm ? 1 : 0);
    }
    return values.flip();
  }

  /** Another model with the same values, e.g. the frozen reference; shares the tokenizer. */
  public CausalLanguageModel copy() {
    var copy = new CausalLanguageModel(config, tokenizer, false);
    copy.parameters.copyFrom(parameters);
    return copy;
  }

  public GptConfig config() {
    return config;
  }

  /**
   * The tokenizer of the model's directory.
   *
   * @throws IllegalStateException if the model was made without one
   */
  public Tokenizer tokenizer() {
    if (tokenizer == null) {
      throw new IllegalStateException("the model has no tokenizer");
    }
    return tokenizer;
  }

  public Parameters parameters() {
    return parameters;
  }

  /**
   * Continues prompts, all in one batch.
   *
   * @return one generation a request, in their order
   * @throws IllegalArgumentException if prompt and response do not fit n_positions together
   */
  public List<Generation> generate(List<GenerationRequest> requests, Sampling sampling) {
    return generate(requests, sampling, Precision.FLOAT32);
  }

  /**
   * @param precision bfloat16 is faster on processors made for it, but its log-probabilities are
   *     off by up to 0.1 from those of the float32 model
   */
  public List<Generation> generate(
      List<GenerationRequest> requests, Sampling sampling, Precision precision) {
    if (requests.isEmpty()) {
      return List.of();
    }
    return new GenerationBatch(config, requests, sampling).generate(program(), this, precision);
  }

  /**
   * Log-probabilities of response tokens, in nats, without a gradient.
   *
   * @param temperature logits are divided by it
   * @param batchSize sequences of one pass
   * @return one array a sequence, one number a response token
   */
  public List<float[]> logProbs(List<TokenSequence> sequences, double temperature, int batchSize) {
    var logProbs = new ArrayList<float[]>();
    for (var part : TokenBatch.split(sequences, batchSize)) {
      var all = logProbs(TokenBatch.ofResponses(config, part), temperature);
      int from = 0;
      for (var sequence : part) {
        int to = from + sequence.responseTokens().length;
        logProbs.add(Arrays.copyOfRange(all, from, to));
        from = to;
      }
    }
    return logProbs;
  }

  /**
   * Perplexity of texts: exp of the mean negative log-likelihood of every token but the first of a
   * text. Texts longer than {@code n_positions} are read in windows, each of which starts with the
   * token the one before ended with, and sees nothing earlier.
   *
   * @param batchSize windows of one pass
   */
  public double perplexity(List<int[]> texts, int batchSize) {
    var windows = new ArrayList<int[]>();
    for (var text : texts) {
      for (int from = 0; from + 1 < text.length; from += config.positions()) {
        int to = Math.min(text.length, from + config.positions() + 1);
        windows.add(Arrays.copyOfRange(text, from, to));
      }
    }
    if (windows.isEmpty()) {
      throw new IllegalArgumentException(
          "texts: none of at least 2 tokens (expected: something to predict)");
    }
    windows.sort(Comparator.comparingInt((int[] window) -> window.length).reversed());
    double logLikelihood = 0;
    long tokens = 0;
    for (var part : TokenBatch.split(windows, batchSize)) {
      var logProbs = logProbs(TokenBatch.ofTexts(config, part), 1);
      for (float logProb : logProbs) {
        logLikelihood += logProb;
      }
      tokens += logProbs.length;
    }
    return Math.exp(-logLikelihood / tokens);
  }

  private float[] logProbs(TokenBatch batch, double temperature) {
    try (var call = scope.newSubManager()) {
      var result =
          (NDArray)
              program()
                  .call(
                      call,
                      "log_probs",
                      parameters.views(),
                      config.heads(),
                      config.layerNormEpsilon(),
                      Precision.FLOAT32.code,
                      batch.tokens(call),
                      batch.rows(call),
                      batch.targets(call),
                      temperature);
      return result.toFloatArray();
    }
  }

  /** Writes a directory that {@link #open} and Hugging Face's transformers read, in float32. */
  public void save(Path directory) {
    save(directory, SafeTensors.Dtype.F32);
  }

  /** Writes a directory, with the weights rounded to {@code dtype}. */
  public void save(Path directory, SafeTensors.Dtype dtype) {
    GptFiles.write(directory, config, parameters, tokenizer(), dtype);
  }

  /** The programs of this architecture. */
  static Program program() {
    return Engine.program(
        "program/scopes.py",
        "program/optimizer.py",
        "program/gpt2.py",
        "program/sampling.py",
        "program/ppo.py",
        "program/policy.py");
  }

  /** Memory that lives as long as the model. */
  NDManager scope() {
    return scope;
  }

  @Override
  public void close() {
    scope.close();
    if (ownsTokenizer && tokenizer != null) {
      tokenizer.close();
    }
  }
}
