package org.elasticreset.ema.console;

import java.util.ArrayDeque;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import org.elasticreset.proto.v1.TrainingEvent;

/** What the learner spent its last steps on, as its events tell it. */
final class LearnerTime {

  private static final int STEPS = 10;

  private record Step(long sequence, Map<String, Double> seconds) {}

  private final ArrayDeque<Step> steps = new ArrayDeque<>();

  /** Takes an event; what a learner tells again takes the place of what it told before. */
  synchronized void take(TrainingEvent event) {
    if (event.getSequence() > 0) {
      steps.removeIf(step -> step.sequence() >= event.getSequence());
    }
    if (event.getTrainingStep().getPhaseSecondsCount() > 0) {
      var seconds = new TreeMap<>(event.getTrainingStep().getPhaseSecondsMap());
      // By a person, and before the run: neither says how the run goes.
      seconds.keySet().removeAll(Set.of("paused", "starting"));
      steps.addLast(new Step(event.getSequence(), seconds));
      if (steps.size() > STEPS) {
        steps.removeFirst();
      }
    }
  }

  /** Share of its time that went to each phase, 0 to 1; empty while nothing is known. */
  synchronized Map<String, Double> shares() {
    var seconds = new TreeMap<String, Double>();
    steps.forEach(
        step -> step.seconds().forEach((phase, some) -> seconds.merge(phase, some, Double::sum)));
    double all = seconds.values().stream().mapToDouble(Double::doubleValue).sum();
    if (!(all > 0)) {
      return Map.of();
    }
    seconds.replaceAll((phase, some) -> some / all);
    return seconds;
  }

  /** Seconds of a step, pauses left out; nothing while none is known. */
  synchronized OptionalDouble secondsPerStep() {
    return steps.stream()
        .mapToDouble(
            step -> step.seconds().values().stream().mapToDouble(Double::doubleValue).sum())
        .average();
  }
}
