package org.elasticreset.ema;

import java.util.stream.IntStream;
import org.elasticreset.algorithm.TriggerMemory;
import org.elasticreset.algorithm.TriggerMemory.Cycle;
import org.elasticreset.algorithm.TriggerMemory.Disarmed;
import org.elasticreset.algorithm.TriggerMemory.Kept;
import org.elasticreset.algorithm.TriggerMemory.Nothing;
import org.elasticreset.algorithm.TriggerMemory.Step;
import org.elasticreset.algorithm.TriggerMemory.Steps;
import org.elasticreset.proto.v1.CycleMemory;
import org.elasticreset.proto.v1.KeptMemory;
import org.elasticreset.proto.v1.StepsMemory;

/** What a trigger remembers, to and from a snapshot. */
final class TriggerMemories {

  private TriggerMemories() {}

  static org.elasticreset.proto.v1.TriggerMemory message(TriggerMemory memory) {
    var message = org.elasticreset.proto.v1.TriggerMemory.newBuilder();
    if (memory instanceof Disarmed) {
      message.setDisarmed(true);
    } else if (memory instanceof Steps steps) {
      var some = StepsMemory.newBuilder();
      steps.steps().forEach(step -> some.addRewards(step.reward()).addKlNats(step.klNats()));
      message.setSteps(some);
    } else if (memory instanceof Cycle cycle) {
      message.setCycle(
          CycleMemory.newBuilder()
              .setInitial(message(cycle.initial()))
              .setBegin(message(cycle.begin()))
              .setAverage(message(cycle.average()))
              .setReward(cycle.reward())
              .setDistance(cycle.distance())
              .setUpdates(cycle.updates())
              .setEvaluations(cycle.evaluations())
              .setInitialShare(cycle.initialShare())
              .setBestAtLeast(cycle.bestAtLeast()));
    }
    return message.build();
  }

  static TriggerMemory of(org.elasticreset.proto.v1.TriggerMemory message) {
    return switch (message.getMemoryCase()) {
      case DISARMED -> new Disarmed();
      case STEPS -> steps(message.getSteps());
      case CYCLE -> cycle(message.getCycle());
      case MEMORY_NOT_SET -> new Nothing();
    };
  }

  private static Steps steps(StepsMemory message) {
    int count = Math.min(message.getRewardsCount(), message.getKlNatsCount());
    return new Steps(
        IntStream.range(0, count)
            .mapToObj(i -> new Step(message.getRewards(i), message.getKlNats(i)))
            .toList());
  }

  private static Cycle cycle(CycleMemory message) {
    return new Cycle(
        kept(message.getInitial()),
        kept(message.getBegin()),
        kept(message.getAverage()),
        message.getReward(),
        message.getDistance(),
        message.getUpdates(),
        message.getEvaluations(),
        message.getInitialShare(),
        message.getBestAtLeast());
  }

  private static KeptMemory message(Kept kept) {
    return KeptMemory.newBuilder()
        .setReward(kept.reward())
        .setVariance(kept.variance())
        .setDistance(kept.distance())
        .build();
  }

  private static Kept kept(KeptMemory message) {
    return new Kept(message.getReward(), message.getVariance(), message.getDistance());
  }
}
