package org.elasticreset.benchmark;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.elasticreset.algorithm.CollectedStep;
import org.elasticreset.algorithm.EarlierEpoch;
import org.elasticreset.algorithm.Offer;
import org.elasticreset.algorithm.PolicyStamp;
import org.elasticreset.algorithm.Rollout;
import org.elasticreset.algorithm.StepCollector;
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

/** A step from its admission to the loop: rollouts that come in any order, each delivered twice. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 1, time = 1)
public class StepCollectorBenchmark {

  private static final PolicyStamp POLICY = new PolicyStamp(1, 0);

  @Param({"32", "512", "8192"})
  public int rollouts;

  private final List<String> ids = new ArrayList<>();
  private final List<Rollout> delivered = new ArrayList<>();

  @Setup
  public void generate() {
    ids.clear();
    delivered.clear();
    for (int r = 0; r < rollouts; r++) {
      ids.add("train-1-0/" + r);
      var rollout =
          new Rollout(ids.get(r), new int[24], new int[48], new float[48], 1, POLICY, false);
      delivered.add(rollout);
      delivered.add(rollout);
    }
    Collections.shuffle(delivered, new Random(1));
  }

  @Benchmark
  public CollectedStep collect() {
    var collector = new StepCollector(EarlierEpoch.DROP, 0, POLICY, 0, 0, List.of());
    collector.admit(1, 0, ids);
    int accepted = 0;
    for (Rollout rollout : delivered) {
      if (collector.offer(1, rollout) instanceof Offer.Accepted) {
        accepted++;
      }
    }
    if (accepted != rollouts) {
      throw new IllegalStateException(accepted + " accepted (expected: " + rollouts + ")");
    }
    return collector.takeNext().orElseThrow();
  }
}
