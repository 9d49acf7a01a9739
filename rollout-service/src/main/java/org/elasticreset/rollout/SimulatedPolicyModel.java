package org.elasticreset.rollout;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.elasticreset.feed.ReplaceableWeights;
import org.elasticreset.model.Generation;
import org.elasticreset.model.GenerationRequest;
import org.elasticreset.model.Sampling;
import org.elasticreset.model.files.TensorShape;
import org.elasticreset.model.simulated.Distribution;
import org.elasticreset.model.simulated.SimulatedTokens;
import org.elasticreset.model.simulated.SimulatedWeights;
import org.elasticreset.model.simulated.SimulatedWork;

/**
 * A policy without the tensor engine, for simulations of scale. Tokens, their number and the time
 * that a batch takes are drawn from the seeds of its rollouts; of its weights it keeps the first
 * one, which tells how far they have drifted.
 */
final class SimulatedPolicyModel implements PolicyModel {

  /** Draws lengths and times apart from the tokens of the same seed. */
  private static final long APART = 0x5DEECE66DL;

  private static final long TIMES_APART = 0x2545F491L;

  private final long parameters;
  private final Distribution batchTime;
  private final Distribution tokenTime;
  private final Optional<Distribution> responseTokens;
  private float drift;

  /**
   * @param batchTime in seconds
   * @param tokenTime in seconds for each token of the longest response
   * @param responseTokens empty: as long as may be
   */
  SimulatedPolicyModel(
      long parameters,
      Distribution batchTime,
      Distribution tokenTime,
      Optional<Distribution> responseTokens) {
    this.parameters = parameters;
    this.batchTime = batchTime;
    this.tokenTime = tokenTime;
    this.responseTokens = responseTokens;
  }

  static SimulatedPolicyModel of(SimulatedSettings settings) {
    return new SimulatedPolicyModel(
        settings.parameters(),
        settings.batchTimes(),
        settings.tokenTimes(),
        settings.responseLengths());
  }

  @Override
  public int[] encode(String prompt, int maxTokens) {
    return SimulatedTokens.encode(prompt, maxTokens);
  }

  @Override
  public String decodeResponse(Generation generation) {
    return SimulatedTokens.decode(generation.textTokens());
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
  public List<TensorShape> tensors() {
    return SimulatedWeights.tensors(parameters);
  }

  @Override
  public void write(long offset, ByteBuffer bytes) {
    if (offset == 0) {
      drift = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN).getFloat();
    }
  }

  @Override
  public List<Generation> generate(List<GenerationRequest> requests, Sampling sampling) {
    long began = System.nanoTime();
    var generations = new ArrayList<Generation>(requests.size());
    int longest = 0;
    for (GenerationRequest request : requests) {
      Generation generation = respond(request, sampling);
      longest = Math.max(longest, generation.responseTokens().length);
      generations.add(generation);
    }
    var times = new SplittableRandom(requests.get(0).seed() ^ TIMES_APART);
    SimulatedWork.takeUntil(began, batchTime.draw(times) + longest * tokenTime.draw(times));
    return generations;
  }

  private Generation respond(GenerationRequest request, Sampling sampling) {
    int limit = sampling.maxNewTokens();
    int wanted =
        responseTokens
            .map(lengths -> lengths.draw(new SplittableRandom(request.seed() ^ APART)))
            .map(length -> (int) Math.max(1, Math.min(limit, Math.round(length))))
            .orElse(limit);
    int[] tokens = SimulatedTokens.draw(request.seed(), wanted);
    int[] stops = sampling.stopTokens();
    boolean stopped = stops.length > 0 && wanted < limit;
    if (stopped) {
      tokens[wanted - 1] = stops[0];
    }
    return new Generation(
        request.promptTokens(), tokens, SimulatedTokens.logProbs(tokens, drift), stopped);
  }

  /** Learner-services refuse NLPO beside a simulated policy. */
  @Override
  public ReplaceableWeights maskingPolicy() {
    throw new UnsupportedOperationException("a simulated policy has no masking policy");
  }

  @Override
  public List<Generation> generateMasked(
      List<GenerationRequest> requests, Sampling sampling, double p) {
    throw new UnsupportedOperationException("a simulated policy has no masking policy");
  }

  @Override
  public void close() {}
}
