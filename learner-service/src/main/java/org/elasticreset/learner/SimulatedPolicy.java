package org.elasticreset.learner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import org.elasticreset.checkpoint.DurableFiles;
import org.elasticreset.model.PpoSample;
import org.elasticreset.model.PpoStatistics;
import org.elasticreset.model.TokenEvaluation;
import org.elasticreset.model.TokenSequence;
import org.elasticreset.model.files.TensorShape;
import org.elasticreset.model.simulated.Distribution;
import org.elasticreset.model.simulated.SimulatedTokens;
import org.elasticreset.model.simulated.SimulatedWeights;
import org.elasticreset.model.simulated.SimulatedWork;
import org.jspecify.annotations.Nullable;

/**
 * A policy without the tensor engine, for simulations of scale: as many weights as a model has,
 * that are uploaded, averaged, written and fetched, and steps that take their time. Each step lets
 * the weights drift by the learning rate, so that an average lags behind and a reset is seen.
 */
final class SimulatedPolicy implements TrainedPolicy {

  /** A checkpoint is as large as a model's: weights, and two moments of each. */
  private static final List<String> FILES = List.of("weights", "moment-1", "moment-2");

  private static final float VALUE = 0.5f;
  private static final float ENTROPY = 1.5f;

  private final SimulatedWeights weights;
  private final List<TensorShape> tensors;
  private final Distribution optimizerStep;
  private final Distribution evaluation;
  private final SplittableRandom times;
  private @Nullable SimulatedWeights remembered;

  SimulatedPolicy(SimulatedConfig config, long seed) {
    this.weights = new SimulatedWeights(config.parameters());
    this.tensors = SimulatedWeights.tensors(config.parameters());
    this.optimizerStep = config.optimizerStepTimes();
    this.evaluation = config.evaluationTimes();
    this.times = new SplittableRandom(seed);
  }

  @Override
  public int vocabularySize() {
    return SimulatedTokens.VOCABULARY;
  }

  @Override
  public int positions() {
    return SimulatedTokens.POSITIONS;
  }

  @Override
  public List<Integer> endTokens() {
    return List.of(SimulatedTokens.END);
  }

  @Override
  public TrainedWeights weights() {
    return new Bytes();
  }

  @Override
  public String initialPolicy() {
    return "%d simulated weights".formatted(tensors.get(0).count());
  }

  @Override
  public List<TokenEvaluation> evaluate(List<TokenSequence> sequences) {
    long began = System.nanoTime();
    List<TokenEvaluation> all =
        sequences.stream()
            .map(TokenSequence::responseTokens)
            .map(
                tokens ->
                    new TokenEvaluation(
                        SimulatedTokens.logProbs(tokens, weights.drift()),
                        SimulatedTokens.constant(tokens, VALUE),
                        SimulatedTokens.constant(tokens, ENTROPY)))
            .toList();
    SimulatedWork.takeUntil(began, evaluation.draw(times));
    return all;
  }

  @Override
  public List<float[]> referenceLogProbs(List<TokenSequence> sequences) {
    return sequences.stream()
        .map(sequence -> SimulatedTokens.logProbs(sequence.responseTokens(), 0))
        .toList();
  }

  @Override
  public PpoStatistics ppoStep(
      List<PpoSample> minibatch, double klCoefficient, double learningRate) {
    long began = System.nanoTime();
    weights.move((float) learningRate);
    SimulatedWork.takeUntil(began, optimizerStep.draw(times));
    return new PpoStatistics(0, 0, ENTROPY, 0, 0, 1);
  }

  @Override
  public int[] tokens(String text) {
    return SimulatedTokens.encode(text, positions());
  }

  @Override
  public OptionalDouble humanTextPerplexity() {
    return OptionalDouble.empty();
  }

  /** There is no optimizer. */
  @Override
  public void clearOptimizer() {}

  /** There is no value head. */
  @Override
  public void clearValueHead() {}

  @Override
  public Optional<String> firstNotFinite() {
    return Float.isFinite(weights.drift())
        ? Optional.empty()
        : Optional.of(tensors.get(0).name() + "[0]");
  }

  @Override
  public void saveState(Path directory) {
    for (String file : FILES) {
      doing(file, () -> weights.save(directory.resolve(file)));
    }
  }

  @Override
  public void restoreState(Path directory) {
    doing("weights", () -> weights.load(directory.resolve("weights")));
  }

  @Override
  public void remember() {
    if (remembered == null) {
      remembered = new SimulatedWeights(tensors.get(0).count());
    }
    remembered.copyFrom(weights);
  }

  @Override
  public void recall() {
    weights.copyFrom(Objects.requireNonNull(remembered, "remember() comes first"));
  }

  /** Nobody can use it: a note says what it was. */
  @Override
  public void save(Path directory) {
    doing(
        "learner.output",
        () -> {
          Files.createDirectories(directory);
          Files.writeString(directory.resolve("simulated.txt"), initialPolicy() + "\n");
          DurableFiles.forceAll(directory);
        });
  }

  @Override
  public TokenSequence pair(String read, String expected) {
    throw needsModel("learner.sender");
  }

  @Override
  public double rehearse(List<int[]> texts, double coefficient) {
    throw needsModel("learner.rehearsal");
  }

  @Override
  public double pullToInitial(double coefficient) {
    throw needsModel("learner.pull-to-initial");
  }

  @Override
  public void becomeStudent() {
    throw needsModel("learner.iterated-learning");
  }

  @Override
  public Imitation beginAsStudent(long seed) {
    throw needsModel("learner.iterated-learning");
  }

  @Override
  public void becomeMask() {
    throw needsModel("learner.nlpo");
  }

  @Override
  public List<TokenEvaluation> evaluateMasked(List<TokenSequence> sequences) {
    throw needsModel("learner.nlpo");
  }

  @Override
  public void close() {}

  /** {@link SimulatedConfigCheck} refuses them before anything begins. */
  private static UnsupportedOperationException needsModel(String key) {
    return new UnsupportedOperationException(key + " beside a simulated policy");
  }

  private static void doing(String what, FileWork work) {
    try {
      work.run();
    } catch (IOException e) {
      throw new UncheckedIOException(what + " of the simulated policy", e);
    }
  }

  private interface FileWork {
    void run() throws IOException;
  }

  private final class Bytes implements TrainedWeights {

    @Override
    public List<TensorShape> tensors() {
      return tensors;
    }

    @Override
    public long totalBytes() {
      return weights.totalBytes();
    }

    @Override
    public ByteBuffer read(long offset, int length) {
      return weights.read(offset, length);
    }

    @Override
    public void write(long offset, ByteBuffer bytes) {
      weights.write(offset, bytes);
    }

    @Override
    public byte[] digest() {
      return weights.digest();
    }
  }
}
