package org.elasticreset.learner;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.elasticreset.model.PpoSample;
import org.elasticreset.model.PpoStatistics;
import org.elasticreset.model.TokenEvaluation;
import org.elasticreset.model.TokenSequence;

/** Notes what each training step asks of a policy, and what the policy answers. */
final class PolicyWatch {

  private final TrainedPolicy watched;
  private final List<Step> steps = new ArrayList<>();

  /**
   * A training step.
   *
   * @param now one evaluation a rollout, before the first gradient
   * @param referenceLogProbs a row a rollout
   * @param minibatches of every optimizer step
   * @param ratios ρ before each optimizer step, a row a sample
   * @param statistics of every optimizer step
   */
  record Step(
      List<TokenEvaluation> now,
      List<float[]> referenceLogProbs,
      List<List<PpoSample>> minibatches,
      List<float[]> ratios,
      List<PpoStatistics> statistics) {}

  PolicyWatch(TrainedPolicy watched) {
    this.watched = watched;
  }

  List<Step> steps() {
    return steps;
  }

  /** The policy to train. */
  TrainedPolicy policy() {
    return (TrainedPolicy)
        Proxy.newProxyInstance(
            TrainedPolicy.class.getClassLoader(),
            new Class<?>[] {TrainedPolicy.class},
            (proxy, method, arguments) -> call(method, arguments));
  }

  private Object call(Method method, Object[] arguments) throws ReflectiveOperationException {
    return switch (method.getName()) {
      case "evaluate" -> evaluate(all(TokenSequence.class, arguments[0]));
      case "ppoStep" ->
          ppoStep(all(PpoSample.class, arguments[0]), (double) arguments[1], (double) arguments[2]);
      default -> method.invoke(watched, arguments);
    };
  }

  private static <T> List<T> all(Class<T> type, Object list) {
    return ((List<?>) list).stream().map(type::cast).toList();
  }

  /** A step begins with one. */
  private List<TokenEvaluation> evaluate(List<TokenSequence> sequences) {
    List<TokenEvaluation> now = watched.evaluate(sequences);
    steps.add(
        new Step(
            now,
            watched.referenceLogProbs(sequences),
            new ArrayList<>(),
            new ArrayList<>(),
            new ArrayList<>()));
    return now;
  }

  private PpoStatistics ppoStep(
      List<PpoSample> minibatch, double klCoefficient, double learningRate) {
    Step step = steps.get(steps.size() - 1);
    List<TokenEvaluation> before =
        watched.evaluate(minibatch.stream().map(PpoSample::tokens).toList());
    for (int i = 0; i < minibatch.size(); i++) {
      step.ratios().add(ratios(before.get(i).logProbs(), minibatch.get(i).oldLogProbs()));
    }
    step.minibatches().add(minibatch);
    PpoStatistics statistics = watched.ppoStep(minibatch, klCoefficient, learningRate);
    step.statistics().add(statistics);
    return statistics;
  }

  private static float[] ratios(float[] logProbs, float[] oldLogProbs) {
    float[] ratios = new float[logProbs.length];
    for (int t = 0; t < ratios.length; t++) {
      ratios[t] = (float) Math.exp(logProbs[t] - oldLogProbs[t]);
    }
    return ratios;
  }
}
