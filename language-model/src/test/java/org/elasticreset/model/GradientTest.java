package org.elasticreset.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;
import org.elasticreset.model.files.TensorShape;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Gradients of whole programs against finite differences of their losses, in double precision. */
class GradientTest {

  private static final int DOUBLE = 7;
  private static final float STEP = 2e-4f;
  private static final long DROPOUT_SEED = 3;

  private final NDManager scope = Engine.scope();
  private CausalLanguageModel model;
  private Parameters head;
  private Parameters gradient;
  private boolean recompute;
  private TokenMask mask = TokenMask.NONE;
  private boolean valueHead = true;

  private void open(TinyDecoders decoder) {
    model = decoder.create(5);
    head = new Parameters(scope, List.of(TensorShape.of("w", 1, 16), TensorShape.of("b", 1)));
    SharpModels.spread(head, 1, 2);
    var shapes = new ArrayList<>(model.parameters().tensors());
    shapes.addAll(head.tensors());
    gradient = new Parameters(scope, shapes);
  }

  @AfterEach
  void close() {
    model.close();
    scope.close();
  }

  @ParameterizedTest
  @EnumSource
  void crossEntropyOfTextsOfDifferentLengths(TinyDecoders decoder) {
    open(decoder);
    var batch = TokenBatch.ofTexts(decoder.config, texts());
    DoubleSupplier loss = () -> languageModelLoss(batch);
    assertGradient(model.parameters(), 0, loss);
  }

  @ParameterizedTest
  @EnumSource
  void ppoOfPolicyAndValueHead(TinyDecoders decoder) {
    open(decoder);
    var settings = new PpoSettings(0.2, 0.2, 0.5, 0.05, 0.9);
    var batch = new PpoBatch(decoder.config, samples(settings.temperature()));
    DoubleSupplier loss = () -> ppoLoss(batch, settings);
    assertGradient(model.parameters(), 0, loss);
    assertGradient(head, model.parameters().totalBytes(), loss);
  }

  /** 0.3 · ‖θ − θ₀‖² of weights that have moved a little from θ₀. */
  @ParameterizedTest
  @EnumSource
  void pullToWhereTheWeightsWere(TinyDecoders decoder) {
    open(decoder);
    var initial = model.copyOfParameters();
    SharpModels.spread(model.parameters(), 0.3, 9);
    assertGradient(model.parameters(), 0, () -> pullLoss(initial, 0.3));
  }

  @ParameterizedTest
  @EnumSource
  void ppoWithTheDivergenceInTheLoss(TinyDecoders decoder) {
    open(decoder);
    var settings = new PpoSettings(0.2, 0.2, 0.5, 0.05, 0.9).withKlCoefficient(0.4);
    var batch = new PpoBatch(decoder.config, samples(settings.temperature()));
    assertGradient(model.parameters(), 0, () -> ppoLoss(batch, settings));
  }

  @ParameterizedTest
  @EnumSource
  void policyGradientWithoutAValueHead(TinyDecoders decoder) {
    open(decoder);
    var settings = new PpoSettings(PolicyLoss.POLICY_GRADIENT, 0.2, 0.2, 0, 0.1, 0.05, 0.9);
    var batch = new PpoBatch(decoder.config, samples(settings.temperature()));
    valueHead = false;

    assertGradient(model.parameters(), 0, () -> ppoLoss(batch, settings));

    var ofHead = gradient.read(model.parameters().totalBytes(), (int) head.totalBytes());
    assertThat(ofHead.asFloatBuffer()).isEqualTo(FloatBuffer.allocate(17));
  }

  /** As most runs have it: the way back is another without a gradient by entropies. */
  @ParameterizedTest
  @EnumSource
  void objectiveWithoutEntropies(TinyDecoders decoder) {
    open(decoder);
    var maskingPolicy = model.copyOfParameters();
    SharpModels.spread(maskingPolicy, 0.5, 9);
    var settings = new PpoSettings(0.2, 0.2, 0.5, 0, 0.9);
    var batch = new PpoBatch(decoder.config, samples(settings.temperature()));
    for (var each : List.of(TokenMask.NONE, TokenMask.of(maskingPolicy, 0.8))) {
      mask = each;
      DoubleSupplier loss = () -> ppoLoss(batch, settings);
      assertGradient(model.parameters(), 0, loss);
      assertGradient(head, model.parameters().totalBytes(), loss);
    }
  }

  /** What is masked has no gradient, and what is left shares all of it. */
  @ParameterizedTest
  @EnumSource
  void objectiveOfAMaskedPolicy(TinyDecoders decoder) {
    open(decoder);
    var maskingPolicy = model.copyOfParameters();
    SharpModels.spread(maskingPolicy, 0.5, 9);
    mask = TokenMask.of(maskingPolicy, 0.8);
    var settings = new PpoSettings(0.2, 0.2, 0.5, 0.05, 0.9);
    var batch = new PpoBatch(decoder.config, samples(settings.temperature()));
    DoubleSupplier loss = () -> ppoLoss(batch, settings);
    assertGradient(model.parameters(), 0, loss);
    assertGradient(head, model.parameters().totalBytes(), loss);
  }

  @ParameterizedTest
  @EnumSource
  void recomputedBlocksGiveTheSameGradient(TinyDecoders decoder) {
    open(decoder);
    var settings = new PpoSettings(0.2, 0.2, 0.5, 0.05, 0.9);
    var batch = new PpoBatch(decoder.config, samples(settings.temperature()));
    double kept = ppoLoss(batch, settings);
    var expected = gradient.read(0, (int) gradient.totalBytes()).asFloatBuffer();
    gradient.clear();

    recompute = true;
    assertThat(ppoLoss(batch, settings)).isEqualTo(kept);

    var found = gradient.read(0, (int) gradient.totalBytes()).asFloatBuffer();
    for (int i = 0; i < expected.capacity(); i++) {
      assertThat(found.get(i)).isCloseTo(expected.get(i), within(1e-6f));
    }
  }

  /** At 40 places of {@code parameters}, whose gradients start at {@code offset}. */
  private void assertGradient(Parameters parameters, long offset, DoubleSupplier loss) {
    gradient.clear();
    double unused = loss.getAsDouble();
    var found = gradient.read(offset, (int) parameters.totalBytes());
    var random = new SplittableRandom(8);
    for (int i = 0; i < 40; i++) {
      int at = Float.BYTES * random.nextInt((int) parameters.totalBytes() / Float.BYTES);
      double expected = difference(parameters, at, loss);
      assertThat((double) found.getFloat(at)).isCloseTo(expected, within(1e-5));
    }
  }

  private static double difference(Parameters parameters, int at, DoubleSupplier loss) {
    float value = parameters.read(at, Float.BYTES).getFloat(0);
    float high = value + STEP;
    float low = value - STEP;
    set(parameters, at, high);
    double above = loss.getAsDouble();
    set(parameters, at, low);
    double below = loss.getAsDouble();
    set(parameters, at, value);
    return (above - below) / ((double) high - low);
  }

  private double languageModelLoss(TokenBatch batch) {
    try (var call = scope.newSubManager()) {
      var loss =
          (NDArray)
              model
                  .program()
                  .call(
                      call,
                      "language_model_gradient",
                      model.weights().views(),
                      model.factors(),
                      policyGradient(),
                      DOUBLE,
                      recompute,
                      DROPOUT_SEED,
                      batch.tokens(call),
                      batch.rows(call),
                      batch.targets(call),
                      0.9,
                      1.0 / batch.predicted());
      return loss.toDoubleArray()[0];
    }
  }

  /** The loss in plain Java; the program adds its gradient. */
  private double pullLoss(Parameters initial, double coefficient) {
    try (var call = scope.newSubManager()) {
      var distance =
          (NDArray)
              model
                  .program()
                  .call(
                      call,
                      "pull_gradient",
                      model.parameters().views(),
                      initial.views(),
                      gradient.views().subList(0, model.parameters().views().size()),
                      coefficient);
      double squares = squaredDistance(initial);
      assertThat((double) distance.toFloatArray()[0]).isCloseTo(Math.sqrt(squares), within(1e-4));
      return coefficient * squares;
    }
  }

  private double squaredDistance(Parameters initial) {
    int size = (int) initial.totalBytes();
    var now = model.parameters().read(0, size).asFloatBuffer();
    var then = initial.read(0, size).asFloatBuffer();
    double squares = 0;
    for (int i = 0; i < now.capacity(); i++) {
      squares += Math.pow((double) now.get(i) - then.get(i), 2);
    }
    return squares;
  }

  private double ppoLoss(PpoBatch batch, PpoSettings settings) {
    try (var call = scope.newSubManager()) {
      var reported =
          (NDArray)
              model
                  .program()
                  .call(
                      call,
                      "objective_gradient",
                      model.weights().views(),
                      model.factors(),
                      mask.views(),
                      mask.topP(),
                      valueHead ? head.views() : List.of(),
                      valueHead ? gradient.views() : policyGradient(),
                      DOUBLE,
                      recompute,
                      DROPOUT_SEED,
                      batch.tokens().tokens(call),
                      batch.tokens().rows(call),
                      batch.tokens().targets(call),
                      batch.oldLogProbs(call),
                      batch.referenceLogProbs(call),
                      batch.oldValues(call),
                      batch.advantages(call),
                      batch.returns(call),
                      settings.temperature(),
                      settings.policyLoss() == PolicyLoss.CLIPPED_SURROGATE,
                      settings.clipRange(),
                      settings.valueClipRange(),
                      settings.valueCoefficient(),
                      settings.klCoefficient(),
                      settings.entropyCoefficient(),
                      (double) batch.tokens().predicted());
      return reported.toDoubleArray()[0];
    }
  }

  private List<NDArray> policyGradient() {
    return gradient.views().subList(0, model.parameters().views().size());
  }

  private List<int[]> texts() {
    var random = new SplittableRandom(3);
    return List.of(
        random.ints(13, 0, 20).toArray(),
        random.ints(2, 0, 20).toArray(),
        random.ints(9, 0, 20).toArray());
  }

  private List<PpoSample> samples(double temperature) {
    var random = new SplittableRandom(4);
    var sequences = new ArrayList<TokenSequence>();
    for (int i = 1; i < 5; i++) {
      sequences.add(
          new TokenSequence(random.ints(i, 0, 20).toArray(), random.ints(8 - i, 0, 20).toArray()));
    }
    try (var trainer = new PolicyTrainer(model, OptimizerSettings.DEFAULT, 1)) {
      var now = trainer.evaluate(sequences, temperature, 4, mask);
      return PpoSamples.near(
          now.stream().map(TokenEvaluation::logProbs).toList(), sequences, random);
    }
  }

  private static void set(Parameters parameters, long offset, float value) {
    var bytes = ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    parameters.write(offset, bytes.putFloat(value).flip());
  }
}
