package org.elasticreset.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.ArrayList;
import java.util.List;
import org.elasticreset.model.files.TensorShape;

/** The accumulated gradient and the moments of AdamW over some parameters, and its step. */
final class AdamW {

  private final OptimizerSettings settings;
  private final List<NDArray> parameters;
  private final Parameters gradient;
  private final Parameters firstMoment;
  private final Parameters secondMoment;
  private int steps;

  AdamW(NDManager scope, OptimizerSettings settings, Parameters... parameters) {
    this.settings = settings;
    var views = new ArrayList<NDArray>();
    var shapes = new ArrayList<TensorShape>();
    for (var group : parameters) {
      views.addAll(group.views());
      shapes.addAll(group.tensors());
    }
    this.parameters = List.copyOf(views);
    this.gradient = new Parameters(scope, shapes);
    this.firstMoment = new Parameters(scope, shapes);
    this.secondMoment = new Parameters(scope, shapes);
  }

  /** What a program adds gradients to; {@link #step} clears it. */
  Parameters gradient() {
    return gradient;
  }

  /**
   * Applies the accumulated gradient and returns its norm before clipping.
   *
   * @throws ArithmeticException if the norm is not finite; parameters and moments are as before
   */
  double step(NDManager call, Program program, double learningRate) {
    if (!(learningRate >= 0)) {
      throw new IllegalArgumentException(
          "learningRate: " + learningRate + " (expected: 0 or more)");
    }
    var result =
        (NDArray)
            program.call(
                call,
                "apply",
                parameters,
                gradient.views(),
                firstMoment.views(),
                secondMoment.views(),
                steps + 1,
                learningRate,
                settings.beta1(),
                settings.beta2(),
                settings.epsilon(),
                settings.weightDecay(),
                settings.maxGradientNorm());
    double norm = result.toFloatArray()[0];
    if (!Double.isFinite(norm)) {
      throw new ArithmeticException(
          "gradient norm: " + norm + " (expected: finite; try a lower learning rate)");
    }
    steps++;
    return norm;
  }

  Parameters firstMoment() {
    return firstMoment;
  }

  Parameters secondMoment() {
    return secondMoment;
  }

  /** The number of steps that the moments are made of; a step changes it only if it succeeds. */
  int steps() {
    return steps;
  }

  /** Goes on after {@code steps} steps, of which the caller has put the moments back. */
  void continueFrom(int steps) {
    gradient.clear();
    this.steps = steps;
  }

  /** As if no step had been made. */
  void clear() {
    firstMoment.clear();
    secondMoment.clear();
    gradient.clear();
    steps = 0;
  }
}
