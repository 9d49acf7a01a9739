package org.elasticreset.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Gradients of batches, added up. On a processor as many batches as there are threads are computed
 * side by side, each into a sum of its own, and the sums are added in their order: so the result
 * depends on the number of threads, but not on which is faster.
 */
final class GradientSums {

  private final NDManager scope;
  private final Parameters gradient;

  /** Beside the gradient itself, zero while nothing is computed; made when they are needed. */
  private final List<Parameters> beside = new ArrayList<>();

  GradientSums(NDManager scope, Parameters gradient) {
    this.scope = scope;
    this.gradient = gradient;
  }

  /** One batch's way to its gradient. */
  interface Pass<B> {
    /** Adds the gradient of a batch, the first of which is number 0, to sums; what it reports. */
    NDArray add(NDManager call, int number, B batch, List<NDArray> sums);
  }

  /** Adds the gradients of all batches to the gradient; what each pass reported, in order. */
  <B> List<float[]> add(List<B> batches, Pass<B> pass) {
    List<float[]> reported = new ArrayList<>();
    int atOnce = Math.min(Engine.partsAtOnce(), batches.size());
    while (beside.size() < atOnce - 1) {
      beside.add(new Parameters(scope, gradient.tensors()));
    }
    try {
      for (var group :
          TokenBatch.split(IntStream.range(0, batches.size()).boxed().toList(), atOnce)) {
        reported.addAll(
            Engine.sideBySide(
                group, number -> add(number, batches.get(number), sums(number % atOnce), pass)));
      }
    } finally {
      beside.forEach(gradient::addAndClear);
    }
    return reported;
  }

  private <B> float[] add(int number, B batch, Parameters sums, Pass<B> pass) {
    try (var call = scope.newSubManager()) {
      return pass.add(call, number, batch, sums.views()).toFloatArray();
    }
  }

  private Parameters sums(int place) {
    return place == 0 ? gradient : beside.get(place - 1);
  }
}
