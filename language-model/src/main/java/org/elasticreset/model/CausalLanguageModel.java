package org.elasticreset.model;

import ai.djl.ndarray.NDManager;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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

  /** The programs of this architecture. */
  static Program program() {
    return Engine.program(
        "program/scopes.py", "program/optimizer.py", "program/gpt2.py", "program/policy.py");
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
