package org.elasticreset.rollout;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.elasticreset.feed.ReplaceableWeights;
import org.elasticreset.model.Generation;
import org.elasticreset.model.GenerationRequest;
import org.elasticreset.model.Sampling;
import org.elasticreset.model.files.TensorShape;

/**
 * A policy over bytes with two weights. Its tokens are drawn from the seed of the request, its
 * log-probabilities tell its weights: both are -weight.
 */
class FakePolicyModel implements PolicyModel {

  static final int VOCABULARY = 256;
  static final int POSITIONS = 64;
  static final List<TensorShape> TENSORS = List.of(new TensorShape("w", new long[] {2}));

  final List<List<GenerationRequest>> calls = new ArrayList<>();
  private final float[] weights = new float[2];
  private final Masking masking = new Masking();
  volatile int[] beginning = {};
  volatile Runnable duringGeneration = () -> {};

  @Override
  public int[] encode(String prompt, int maxTokens) {
    return prompt.isEmpty()
        ? beginning
        : prompt.substring(Math.max(0, prompt.length() - maxTokens)).chars().toArray();
  }

  @Override
  public String decodeResponse(Generation generation) {
    return Arrays.stream(generation.textTokens())
        .mapToObj(Character::toString)
        .collect(Collectors.joining());
  }

  @Override
  public int vocabularySize() {
    return VOCABULARY;
  }

  @Override
  public int positions() {
    return POSITIONS;
  }

  @Override
  public List<TensorShape> tensors() {
    return TENSORS;
  }

  @Override
  public synchronized void write(long offset, ByteBuffer bytes) {
    ByteBuffer values = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    for (int i = (int) offset / Float.BYTES; values.hasRemaining(); i++) {
      weights[i] = values.getFloat();
    }
  }

  @Override
  public List<Generation> generate(List<GenerationRequest> requests, Sampling sampling) {
    synchronized (this) {
      calls.add(requests);
    }
    float before = weight(0);
    duringGeneration.run();
    float after = weight(1);
    var generations = new ArrayList<Generation>();
    for (GenerationRequest request : requests) {
      int[] response =
          new SplittableRandom(request.seed())
              .ints(sampling.maxNewTokens(), 'a', 'z' + 1)
              .toArray();
      var logProbs = new float[response.length];
      Arrays.fill(logProbs, -after);
      logProbs[0] = -before;
      boolean stopped = sampling.stopTokens().length > 0;
      if (stopped) {
        response[response.length - 1] = sampling.stopTokens()[0];
      }
      generations.add(new Generation(request.promptTokens(), response, logProbs, stopped));
    }
    return generations;
  }

  @Override
  public ReplaceableWeights maskingPolicy() {
    return masking;
  }

  /** Log-probabilities tell both policies and p: minus the sum of them. */
  @Override
  public List<Generation> generateMasked(
      List<GenerationRequest> requests, Sampling sampling, double p) {
    List<Generation> generations = generate(requests, sampling);
    for (Generation generation : generations) {
      for (int t = 0; t < generation.logProbs().length; t++) {
        generation.logProbs()[t] -= (float) (masking.weight + p);
      }
    }
    return generations;
  }

  /** One weight that both of a version are. */
  private static final class Masking implements ReplaceableWeights {

    private volatile float weight;

    @Override
    public List<TensorShape> tensors() {
      return TENSORS;
    }

    @Override
    public void write(long offset, ByteBuffer bytes) {
      weight = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).getFloat();
    }
  }

  synchronized float weight(int i) {
    return weights[i];
  }

  @Override
  public void close() {}
}
