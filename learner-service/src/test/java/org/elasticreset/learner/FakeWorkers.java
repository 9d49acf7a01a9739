package org.elasticreset.learner;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import org.elasticreset.algorithm.PolicyStamp;
import org.elasticreset.algorithm.Rollout;
import org.elasticreset.proto.v1.Prompt;
import org.elasticreset.proto.v1.PromptBatch;
import org.elasticreset.proto.v1.Purpose;
import org.elasticreset.proto.v1.RewardFrom;
import org.elasticreset.proto.v1.TrainingEvent;
import org.jspecify.annotations.Nullable;

/**
 * Generates and scores each batch at once, with the newest policy at the time, and hands the
 * rollouts back as it is told to: shuffled, twice, or not at all the first time.
 */
final class FakeWorkers implements Inbox, Outbox {

  final List<PromptBatch> issued = new ArrayList<>();
  final List<TrainingEvent> events = new ArrayList<>();
  final List<Duration> silences = new ArrayList<>();
  final List<Map<Integer, Long>> opened = new ArrayList<>();

  /** With every event. */
  Runnable whileTold = () -> {};

  private final Supplier<PolicyStamp> newest;
  private final List<ReceivedRollout> scored = new ArrayList<>();

  /** What came back, in order: a topic with one partition. */
  private final List<ReceivedRollout> topic = new ArrayList<>();

  private int position;
  private final Set<String> lostOnce = new HashSet<>();
  private @Nullable Random order;
  private boolean twice;
  private Function<ReceivedRollout, List<ReceivedRollout>> scoring = List::of;
  private int away;

  private final CrashPoint crash;

  FakeWorkers(Supplier<PolicyStamp> newest, CrashPoint crash) {
    this.newest = newest;
    this.crash = crash;
  }

  FakeWorkers shuffled(long seed) {
    order = new Random(seed);
    return this;
  }

  FakeWorkers twice() {
    twice = true;
    return this;
  }

  /** What is generated comes back as these, in their order. */
  FakeWorkers scoring(Function<ReceivedRollout, List<ReceivedRollout>> scores) {
    scoring = scores;
    return this;
  }

  /** Nobody works, and nothing comes, for so many of the learner's waits. */
  FakeWorkers awayFor(int silences) {
    away = silences;
    return this;
  }

  /** The first rollouts of this id get lost. */
  FakeWorkers losingOnce(String... rolloutIds) {
    lostOnce.addAll(List.of(rolloutIds));
    return this;
  }

  @Override
  public void open(Map<Integer, Long> offsets) {
    opened.add(offsets);
    position = offsets.getOrDefault(0, 0L).intValue();
  }

  @Override
  public void issue(PromptBatch batch) {
    crash.pass();
    issued.add(batch);
    for (Prompt prompt : batch.getPromptsList()) {
      ReceivedRollout rollout =
          generate(batch.getPurpose(), batch.getTargetStep(), prompt, newest.get());
      if (!lostOnce.remove(prompt.getRolloutId())) {
        scored.addAll(scoring.apply(rollout));
        if (twice) {
          scored.add(rollout);
        }
      }
    }
    crash.pass();
  }

  @Override
  public void report(TrainingEvent event) {
    crash.pass();
    whileTold.run();
    events.removeIf(before -> before.getSequence() >= event.getSequence());
    events.add(event);
    crash.pass();
  }

  @Override
  public @Nullable ReceivedRollout poll(Duration patience) {
    crash.pass();
    if (away > 0) {
      away--;
      silences.add(patience);
      return null;
    }
    if (position == topic.size()) {
      if (order != null) {
        Collections.shuffle(scored, order);
      }
      topic.addAll(scored);
      scored.clear();
    }
    if (position == topic.size()) {
      silences.add(patience);
      return null;
    }
    return topic.get(position).from(new ReceivedRollout.Source(0, position++));
  }

  List<String> issuedIds() {
    return issued.stream().map(PromptBatch::getBatchId).toList();
  }

  /** The seed alone decides what is drawn, as with a real worker and one policy. */
  static ReceivedRollout generate(
      Purpose purpose, long targetStep, Prompt prompt, PolicyStamp policy) {
    SplittableRandom random = new SplittableRandom(prompt.getSeed());
    int[] response = random.ints(random.nextInt(1, 5), 0, 50).toArray();
    float[] logProbs = new float[response.length];
    for (int t = 0; t < logProbs.length; t++) {
      logProbs[t] = (float) -random.nextDouble(0.5, 2);
    }
    return new ReceivedRollout(
        new ReceivedRollout.Source(0, 0),
        purpose,
        targetStep,
        new Rollout(
            prompt.getRolloutId(),
            new int[] {1, 2},
            response,
            logProbs,
            random.nextDouble(),
            policy,
            false),
        RewardFrom.REWARD_FROM_MODEL,
        prompt.getText(),
        "response",
        OptionalDouble.of(0.25),
        prompt.getReferencesMap(),
        Optional.empty());
  }
}
