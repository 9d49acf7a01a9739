package org.elasticreset.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Prompts side by side, padded on the left, and the uniform numbers of their responses. */
final class GenerationBatch {

  private final Sampling sampling;
  private final List<int[]> prompts = new ArrayList<>();
  private final int width;
  private final long[] tokens; // [B,S]
  private final long[] padding; // [B]
  private final double[] uniforms; // [B,N]

  GenerationBatch(DecoderConfig config, List<GenerationRequest> requests, Sampling sampling) {
    this.sampling = sampling;
    for (var request : requests) {
      prompts.add(lastTokens(request.promptTokens(), sampling.maxPromptTokens()));
    }
    this.width = prompts.stream().mapToInt(prompt -> prompt.length).max().orElseThrow();
    requireFits(config);
    this.tokens = new long[prompts.size() * width];
    this.padding = new long[prompts.size()];
    for (int b = 0; b < padding.length; b++) {
      var prompt = prompts.get(b);
      int left = width - prompt.length;
      padding[b] = left;
      for (int s = 0; s < prompt.length; s++) {
        tokens[b * width + left + s] = TokenBatch.requireKnown(config, prompt[s]);
      }
    }
    for (int token : sampling.stopTokens()) {
      TokenBatch.requireKnown(config, token);
    }
    this.uniforms =
        requests.stream()
            .flatMapToDouble(
                request -> new SplittableRandom(request.seed()).doubles(sampling.maxNewTokens()))
            .toArray();
  }

  /** Runs the program with these weights and reads its results. */
  List<Generation> generate(
      Program program, CausalLanguageModel model, Precision precision, TokenMask mask) {
    try (var call = model.scope().newSubManager()) {
      var results =
          (Object[])
              program.call(
                  call,
                  "generate",
                  model.weights().views(),
                  model.factors(),
                  mask.views(),
                  mask.topP(),
                  precision.code,
                  call.create(tokens, new Shape(prompts.size(), width)),
                  call.create(padding),
                  call.create(uniforms, new Shape(prompts.size(), sampling.maxNewTokens())),
                  sampling.temperature(),
                  sampling.topK(),
                  sampling.topP(),
                  sampling.greedy(),
                  stopTokens(call));
      return generations(
          ((NDArray) results[0]).toLongArray(),
          ((NDArray) results[1]).toFloatArray(),
          ((NDArray) results[2]).toLongArray());
    }
  }

  private NDArray stopTokens(NDManager call) {
    var stop = Arrays.stream(sampling.stopTokens()).asLongStream().toArray();
    return call.create(stop, new Shape(stop.length));
  }

  private List<Generation> generations(long[] tokens, float[] logProbs, long[] lengths) {
    var generations = new ArrayList<Generation>();
    var stop = sampling.stopTokens();
    for (int b = 0; b < lengths.length; b++) {
      int from = b * sampling.maxNewTokens();
      int to = from + (int) lengths[b];
      var response = Arrays.stream(tokens, from, to).mapToInt(Math::toIntExact).toArray();
      int last = response[response.length - 1];
      boolean stopped = Arrays.stream(stop).anyMatch(token -> token == last);
      generations.add(
          new Generation(
              prompts.get(b), response, Arrays.copyOfRange(logProbs, from, to), stopped));
    }
    return generations;
  }

  private void requireFits(DecoderConfig config) {
    int longest = width + sampling.maxNewTokens();
    if (longest > config.positions()) {
      throw new IllegalArgumentException(
          "prompt of "
              + width
              + " and "
              + sampling.maxNewTokens()
              + " new tokens (expected: at most "
              + config.positionsKey()
              + ", "
              + config.positions()
              + ", together)");
    }
  }

  private static int[] lastTokens(int[] prompt, int limit) {
    return Arrays.copyOfRange(prompt, Math.max(0, prompt.length - limit), prompt.length);
  }
}
