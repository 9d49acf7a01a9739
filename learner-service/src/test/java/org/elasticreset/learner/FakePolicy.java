package org.elasticreset.learner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.IntPredicate;
import org.elasticreset.checkpoint.Sha256;
import org.elasticreset.model.LanguageModelStatistics;
import org.elasticreset.model.PpoSample;
import org.elasticreset.model.PpoStatistics;
import org.elasticreset.model.TokenEvaluation;
import org.elasticreset.model.TokenSequence;
import org.elasticreset.model.files.TensorShape;

/** A policy of four weights that every optimizer step moves by what it was given. */
class FakePolicy implements TrainedPolicy {

  final float[] weights = {1, 2, 3, 4};
  final List<List<PpoSample>> minibatches = new ArrayList<>();
  final float[] student = weights.clone();
  final float[] mask = weights.clone();
  final List<List<TokenSequence>> imitated = new ArrayList<>();
  boolean imitationDiverges;
  final List<List<int[]>> rehearsed = new ArrayList<>();
  final List<Double> klCoefficients = new ArrayList<>();
  final List<Double> learningRates = new ArrayList<>();
  final List<String> cleared = new ArrayList<>();
  final List<Path> saved = new ArrayList<>();
  CrashPoint crash = new CrashPoint();
  double policyLoss = 0.5;
  private float[] remembered = {};

  /** By the number of the minibatch, from 0. */
  IntPredicate diverges = minibatch -> false;

  List<Integer> endTokens = List.of(0);

  @Override
  public int vocabularySize() {
    return 50;
  }

  @Override
  public int positions() {
    return 16;
  }

  @Override
  public List<Integer> endTokens() {
    return endTokens;
  }

  /** A token a letter. */
  @Override
  public TokenSequence pair(String read, String expected) {
    return new TokenSequence(
        (read + "?").chars().map(letter -> letter % vocabularySize()).toArray(),
        (expected + ".").chars().map(letter -> letter % vocabularySize()).toArray());
  }

  @Override
  public TrainedWeights weights() {
    return new Bytes();
  }

  @Override
  public String initialPolicy() {
    return "1, 2, 3, 4";
  }

  @Override
  public List<TokenEvaluation> evaluate(List<TokenSequence> sequences) {
    return sequences.stream()
        .map(
            sequence -> {
              int length = sequence.responseTokens().length;
              float[] logProbs = new float[length];
              float[] values = new float[length];
              float[] entropies = new float[length];
              Arrays.fill(logProbs, -1 - weights[0] / 100);
              Arrays.fill(values, weights[1] / 100);
              Arrays.fill(entropies, 2);
              return new TokenEvaluation(logProbs, values, entropies);
            })
        .toList();
  }

  @Override
  public List<float[]> referenceLogProbs(List<TokenSequence> sequences) {
    return sequences.stream()
        .map(
            sequence -> {
              float[] logProbs = new float[sequence.responseTokens().length];
              Arrays.fill(logProbs, -1.5f);
              return logProbs;
            })
        .toList();
  }

  @Override
  public PpoStatistics ppoStep(
      List<PpoSample> minibatch, double klCoefficient, double learningRate) {
    klCoefficients.add(klCoefficient);
    if (diverges.test(minibatches.size())) {
      minibatches.add(minibatch);
      Arrays.fill(weights, Float.NaN);
      throw new ArithmeticException("gradient norm: NaN");
    }
    minibatches.add(minibatch);
    learningRates.add(learningRate);
    for (PpoSample sample : minibatch) {
      for (int i = 0; i < sample.advantages().length; i++) {
        int weight = sample.tokens().responseTokens()[i] % weights.length;
        weights[weight] += (float) learningRate * sample.advantages()[i];
        weights[weight] *= 0.99f;
      }
    }
    return new PpoStatistics(policyLoss, 0.25, 2, 0.1, 0.01, 1);
  }

  @Override
  public int[] tokens(String text) {
    return text.chars().map(letter -> letter % vocabularySize()).toArray();
  }

  @Override
  public double rehearse(List<int[]> texts, double coefficient) {
    rehearsed.add(texts);
    for (int[] text : texts) {
      weights[text[0] % weights.length] += (float) coefficient * text[1];
    }
    return texts.size();
  }

  @Override
  public double pullToInitial(double coefficient) {
    double squares = 0;
    for (int i = 0; i < weights.length; i++) {
      double distance = weights[i] - (i + 1);
      squares += distance * distance;
      weights[i] -= (float) (coefficient * distance);
    }
    return Math.sqrt(squares);
  }

  @Override
  public void becomeStudent() {
    System.arraycopy(weights, 0, student, 0, weights.length);
  }

  @Override
  public Imitation beginAsStudent(long seed) {
    System.arraycopy(student, 0, weights, 0, weights.length);
    return new Imitation() {
      @Override
      public LanguageModelStatistics step(List<TokenSequence> minibatch, double learningRate) {
        imitated.add(minibatch);
        if (imitationDiverges) {
          Arrays.fill(weights, Float.NaN);
          throw new ArithmeticException("gradient norm: NaN");
        }
        for (TokenSequence said : minibatch) {
          weights[said.responseTokens()[0] % weights.length] += (float) learningRate;
        }
        return new LanguageModelStatistics(minibatch.size(), 1, 1);
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void becomeMask() {
    System.arraycopy(weights, 0, mask, 0, weights.length);
  }

  /** The mask shows in the log-probabilities. */
  @Override
  public List<TokenEvaluation> evaluateMasked(List<TokenSequence> sequences) {
    List<TokenEvaluation> evaluations = evaluate(sequences);
    for (TokenEvaluation evaluation : evaluations) {
      evaluation.logProbs()[0] += mask[0] / 100;
    }
    return evaluations;
  }

  @Override
  public OptionalDouble humanTextPerplexity() {
    return OptionalDouble.of(12.5);
  }

  @Override
  public void clearOptimizer() {
    cleared.add("optimizer");
  }

  @Override
  public void clearValueHead() {
    cleared.add("value head");
  }

  @Override
  public Optional<String> firstNotFinite() {
    for (float weight : weights) {
      if (!Float.isFinite(weight)) {
        return Optional.of("first");
      }
    }
    return Optional.empty();
  }

  @Override
  public void saveState(Path directory) {
    crash.pass();
    try {
      byte[] bytes = new byte[16];
      weights().read(0, 16).get(bytes);
      Files.write(directory.resolve("weights"), bytes);
      Files.write(directory.resolve("student"), bytes(student));
      Files.write(directory.resolve("mask"), bytes(mask));
      crash.pass();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void restoreState(Path directory) {
    try {
      weights().write(0, ByteBuffer.wrap(Files.readAllBytes(directory.resolve("weights"))));
      ByteBuffer.wrap(Files.readAllBytes(directory.resolve("student")))
          .asFloatBuffer()
          .get(student);
      ByteBuffer.wrap(Files.readAllBytes(directory.resolve("mask"))).asFloatBuffer().get(mask);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] bytes(float[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length);
    bytes.asFloatBuffer().put(values);
    return bytes.array();
  }

  @Override
  public void remember() {
    remembered = weights.clone();
  }

  @Override
  public void recall() {
    System.arraycopy(remembered, 0, weights, 0, weights.length);
  }

  @Override
  public void save(Path directory) {
    saved.add(directory);
  }

  @Override
  public void close() {}

  private final class Bytes implements TrainedWeights {

    @Override
    public List<TensorShape> tensors() {
      return List.of(
          new TensorShape("first", new long[] {2}), new TensorShape("second", new long[] {1, 2}));
    }

    @Override
    public long totalBytes() {
      return 4L * weights.length;
    }

    @Override
    public ByteBuffer read(long offset, int length) {
      ByteBuffer all = ByteBuffer.allocate(4 * weights.length).order(ByteOrder.LITTLE_ENDIAN);
      all.asFloatBuffer().put(weights);
      return all.slice((int) offset, length).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public void write(long offset, ByteBuffer bytes) {
      ByteBuffer values = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
      for (int i = (int) offset / 4; values.hasRemaining(); i++) {
        weights[i] = values.getFloat();
      }
    }

    @Override
    public byte[] digest() {
      return Sha256.begin().digest(read(0, 16).array());
    }
  }
}
