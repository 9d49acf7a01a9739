package org.elasticreset.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.elasticreset.model.files.ModelDirectory;
import org.elasticreset.model.files.ModelFormatException;
import org.elasticreset.model.files.ModelWeights;
import org.elasticreset.model.files.SafeTensors;
import org.elasticreset.model.files.TensorStream;
import org.elasticreset.model.tokenizer.Tokenizer;
import org.jspecify.annotations.Nullable;

/**
 * A decoder, GPT-2 or of the Llama family: its shape, tokenizer, weights and adapters.
 *
 * <p>Calls that only read the parameters may come from several threads; reading while the
 * parameters are written or trained gives a mixture of both.
 */
public final class CausalLanguageModel implements AutoCloseable {

  /** Weights that several threads may each read for every token, and still find in the cache. */
  private static final long CACHED_BYTES = 16 << 20;

  private final DecoderFiles files;
  private final @Nullable Tokenizer tokenizer;
  private final NDManager scope;
  private final Parameters weights;
  private final @Nullable Adapters adapters;
  private final ProgramSettings programSettings;
  private final boolean ownsTokenizer;

  /** Zeros. */
  private CausalLanguageModel(
      DecoderFiles files,
      @Nullable Tokenizer tokenizer,
      boolean ownsTokenizer,
      ModelSettings settings) {
    this.files = files;
    this.tokenizer = tokenizer;
    this.ownsTokenizer = ownsTokenizer;
    this.scope = Engine.scope();
    var config = files.config();
    this.adapters = settings.lora().map(lora -> new Adapters(scope, config, lora)).orElse(null);
    this.programSettings = Adapters.settings(config, adapters);
    this.weights = new Parameters(scope, config.tensors(), settings.weights());
  }

  /** A view without adapters. */
  private CausalLanguageModel(CausalLanguageModel adapted) {
    this.files = adapted.files;
    this.tokenizer = adapted.tokenizer;
    this.ownsTokenizer = false;
    this.scope = Engine.scope();
    this.adapters = null;
    this.programSettings = Adapters.settings(files.config(), null);
    this.weights = adapted.weights;
  }

  /** Opens a model directory in float32, without adapters. */
  public static CausalLanguageModel open(Path directory) {
    return open(directory, ModelSettings.PLAIN);
  }

  /**
   * Opens a Hugging Face model directory: {@code config.json}, {@code model.safetensors} or its
   * shards, {@code tokenizer.json} and, if there, {@code generation_config.json}. The directory may
   * come from anyone; the package says what is bounded.
   *
   * @throws ModelFormatException naming file, key, value and what was expected
   * @throws IllegalArgumentException if an adapter's target is no module of the model
   */
  public static CausalLanguageModel open(Path directory, ModelSettings settings) {
    var where = new ModelDirectory(directory);
    var files = DecoderFiles.read(where);
    settings.lora().ifPresent(lora -> Adapters.targets(files.config(), lora));
    var tokenizer = Tokenizer.open(directory);
    try {
      files.requireFits(where, tokenizer);
      return open(where, files, tokenizer, settings);
    } catch (RuntimeException e) {
      tokenizer.close();
      throw e;
    }
  }

  private static CausalLanguageModel open(
      ModelDirectory where,
      DecoderFiles files,
      @Nullable Tokenizer tokenizer,
      ModelSettings settings) {
    try (var weights = ModelWeights.open(where, files.config()::canonicalName)) {
      weights.require(files.config().tensors());
      return load(files, tokenizer, weights, settings);
    }
  }

  private static CausalLanguageModel load(
      DecoderFiles files,
      @Nullable Tokenizer tokenizer,
      ModelWeights weights,
      ModelSettings settings) {
    var model = new CausalLanguageModel(files, tokenizer, true, settings);
    try {
      weights.load(model.weights);
      if (model.adapters != null) {
        model.adapters.initialise(settings.seed());
      }
      return model;
    } catch (RuntimeException e) {
      model.scope.close();
      throw e;
    }
  }

  /**
   * Takes over adapters that PEFT or {@link #saveAdapter} wrote, in the place of those this model
   * was opened with.
   *
   * @throws IllegalArgumentException if this model's adapters are of other settings
   * @throws ModelFormatException if a tensor is missing, of another shape or one too many
   */
  public void loadAdapter(AdapterDirectory directory) {
    if (adapters == null || !adapters.settings().hasShapeOf(directory.settings())) {
      throw new IllegalArgumentException(
          "adapters of %s (expected: opened with %s)"
              .formatted(adapters == null ? "none" : adapters.settings(), directory.settings()));
    }
    directory.load(adapters.factors());
  }

  /** Opens a model directory with the adapters of another, scaled as those say. */
  public static CausalLanguageModel openAdapter(
      Path base, AdapterDirectory adapter, Precision weights) {
    var model = open(base, new ModelSettings(weights, Optional.of(adapter.settings()), 0));
    try {
      model.loadAdapter(adapter);
      return model;
    } catch (RuntimeException e) {
      model.close();
      throw e;
    }
  }

  /**
   * A new model with {@link InitialWeights}.
   *
   * @param tokenizer stays the caller's to close; without one the model knows tokens only
   */
  public static CausalLanguageModel initialise(
      DecoderConfig config, @Nullable Tokenizer tokenizer, long seed) {
    return initialise(
        config, tokenizer, new ModelSettings(Precision.FLOAT32, Optional.empty(), seed));
  }

  /** A new model as above, held as the settings say, with new adapters if they ask for them. */
  public static CausalLanguageModel initialise(
      DecoderConfig config, @Nullable Tokenizer tokenizer, ModelSettings settings) {
    var model = new CausalLanguageModel(DecoderFiles.of(config), tokenizer, false, settings);
    InitialWeights.write(model.weights, config.layers(), settings.seed());
    if (model.adapters != null) {
      model.adapters.initialise(settings.seed());
    }
    return model;
  }

  /** Another model with the same values and no adapters; shares the tokenizer. */
  public CausalLanguageModel copy() {
    if (adapters != null) {
      throw new IllegalStateException("a model with adapters is not copied, see reference()");
    }
    var copy =
        new CausalLanguageModel(
            files, tokenizer, false, new ModelSettings(weights.stored(), Optional.empty(), 0));
    copy.weights.copyFrom(weights);
    return copy;
  }

  /**
   * The policy before any training, as training leaves it alone: with adapters the same weights
   * without them, which costs no memory and must be closed first; else a copy of what the weights
   * are now.
   */
  public CausalLanguageModel reference() {
    return adapters == null ? copy() : new CausalLanguageModel(this);
  }

  public DecoderConfig config() {
    return files.config();
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

  /** What is trained and travels: the adapters if there are any, else all weights. */
  public Parameters parameters() {
    return adapters == null ? weights : adapters.factors();
  }

  /**
   * A copy of what {@link #parameters} are now, which training leaves alone; lives as long as this
   * model.
   */
  public Parameters copyOfParameters() {
    var copy = new Parameters(scope, parameters().tensors());
    copy.copyFrom(parameters());
    return copy;
  }

  /** All weights, without what adapters add. */
  Parameters weights() {
    return weights;
  }

  /** The adapters' factors, as an argument of the program. */
  List<NDArray> factors() {
    return adapters == null ? List.of() : adapters.factors().views();
  }

  /**
   * Continues prompts, all in one batch; those of a small model in a batch a thread.
   *
   * @return one generation a request, in their order
   * @throws IllegalArgumentException if prompt and response are longer together than the model's
   *     longest sequence
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
    return generate(requests, sampling, precision, TokenMask.NONE);
  }

  /** Draws only what the mask leaves; log-probabilities are of the masked distribution. */
  public List<Generation> generate(
      List<GenerationRequest> requests, Sampling sampling, Precision precision, TokenMask mask) {
    if (requests.isEmpty()) {
      return List.of();
    }
    var batches =
        parts(requests).stream()
            .map(part -> new GenerationBatch(config(), part, sampling))
            .toList();
    return Engine.sideBySide(batches, batch -> batch.generate(program(), this, precision, mask))
        .stream()
        .flatMap(List::stream)
        .toList();
  }

  /** What is decoded at once; each part reads all weights for every token. */
  private List<List<GenerationRequest>> parts(List<GenerationRequest> requests) {
    int parts = weights.totalBytes() <= CACHED_BYTES ? Engine.partsAtOnce() : 1;
    return TokenBatch.split(requests, (requests.size() + parts - 1) / parts);
  }

  /** {@link #logProbs(List, double, int, Precision)} computed in float32. */
  public List<float[]> logProbs(List<TokenSequence> sequences, double temperature, int batchSize) {
    return logProbs(sequences, temperature, batchSize, Precision.FLOAT32);
  }

  /**
   * Log-probabilities of response tokens, in nats, without a gradient.
   *
   * @param temperature logits are divided by it
   * @param batchSize sequences of one pass
   * @return one array a sequence, one number a response token
   */
  public List<float[]> logProbs(
      List<TokenSequence> sequences, double temperature, int batchSize, Precision precision) {
    return new Likelihood(this, precision).ofResponses(sequences, temperature, batchSize);
  }

  /** {@link #perplexity(List, int, Precision)} computed in float32. */
  public double perplexity(List<int[]> texts, int batchSize) {
    return perplexity(texts, batchSize, Precision.FLOAT32);
  }

  /**
   * Perplexity of texts: exp of the mean negative log-likelihood of every token but the first of a
   * text. Texts longer than the model's longest sequence are read in windows, each of which starts
   * with the token the one before ended with, and sees nothing earlier.
   *
   * @param batchSize windows of one pass
   */
  public double perplexity(List<int[]> texts, int batchSize, Precision precision) {
    return new Likelihood(this, precision).perplexity(texts, batchSize);
  }

  /** Writes a directory that {@link #open} and Hugging Face's transformers read, in float32. */
  public void save(Path directory) {
    save(directory, SafeTensors.Dtype.F32);
  }

  /** Writes a directory, adapters merged into the weights, which are rounded to {@code dtype}. */
  public void save(Path directory, SafeTensors.Dtype dtype) {
    files.write(directory, dtype);
    tokenizer().save(directory);
    var tensors = TensorStream.of(weights);
    if (adapters != null) {
      tensors = adapters.mergedInto(tensors, this);
    }
    ModelWeights.write(
        directory,
        tensors.stream().map(tensor -> tensor.as(dtype)).toList(),
        ModelWeights.SHARD_BYTES);
  }

  /**
   * Writes the adapters in PEFT's format.
   *
   * @param baseModel name or directory of the model they belong to
   * @throws IllegalStateException if there are none
   */
  public void saveAdapter(Path directory, String baseModel) {
    if (adapters == null) {
      throw new IllegalStateException("the model has no adapters to save");
    }
    AdapterDirectory.write(directory, baseModel, config(), adapters);
  }

  /** The programs of this architecture, written for this shape. */
  Program program() {
    return Engine.program(
        programSettings,
        "program/scopes.py",
        "program/optimizer.py",
        "program/dropout.py",
        "program/adapters.py",
        "program/cache.py",
        config().program(),
        "program/gradient.py",
        "program/sampling.py",
        "program/nlpo.py",
        "program/head.py",
        "program/ppo.py",
        "program/regularisers.py",
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
