package org.elasticreset.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.elasticreset.algorithm.AdvantageEstimator;
import org.elasticreset.algorithm.Advantages;
import org.elasticreset.algorithm.GeneralizedAdvantageEstimation;
import org.elasticreset.algorithm.KlEstimator;
import org.elasticreset.algorithm.LeaveOneOut;
import org.elasticreset.algorithm.RewardedResponse;
import org.elasticreset.algorithm.TokenRewards;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What the learner does with a step between its log-probabilities and its first minibatch. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 1, time = 1)
public class AdvantagesBenchmark {

  private static final int TOKENS = 48;

  @Param({"32", "512"})
  public int rollouts;

  private final AdvantageEstimator estimation = new GeneralizedAdvantageEstimation(1, 0.95, true);
  private final AdvantageEstimator leaveOneOut = new LeaveOneOut(4);
  private final List<float[]> logProbs = new ArrayList<>();
  private final List<float[]> reference = new ArrayList<>();
  private final List<float[]> values = new ArrayList<>();

  @Setup
  public void generate() {
    var random = new Random(1);
    for (var figures : List.of(logProbs, reference, values)) {
      figures.clear();
      for (int r = 0; r < rollouts; r++) {
        var tokens = new float[TOKENS];
        for (int t = 0; t < TOKENS; t++) {
          tokens[t] = -random.nextFloat();
        }
        figures.add(tokens);
      }
    }
  }

  @Benchmark
  public List<Advantages> generalizedEstimation() {
    return estimation.of(rewarded());
  }

  @Benchmark
  public List<Advantages> leaveOneOut() {
    return leaveOneOut.of(rewarded());
  }

  private List<RewardedResponse> rewarded() {
    var rewarded = new ArrayList<RewardedResponse>();
    for (int r = 0; r < rollouts; r++) {
      rewarded.add(
          new RewardedResponse(
              TokenRewards.of(1, logProbs.get(r), reference.get(r), KlEstimator.K1, 0.02),
              values.get(r)));
    }
    return rewarded;
  }
}
