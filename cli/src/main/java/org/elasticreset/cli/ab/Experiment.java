package org.elasticreset.cli.ab;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeMap;
import org.elasticreset.evidence.AbDecision;
import org.elasticreset.evidence.AbTest;
import org.elasticreset.evidence.AbUnit;
import org.elasticreset.evidence.TwoArmEffect;
import org.jspecify.annotations.Nullable;

/**
 * The state of a live comparison. It is a function of what the topics hold: assignments, answers,
 * outcomes and decisions, put in in any order, give the same units in the order of their requests,
 * and so the same test. One thread.
 *
 * <p>A unit is counted once all before it are: the test must not see those first whose outcome
 * comes fast, for how fast may depend on the arm.
 */
public final class Experiment {
  private static final int TRAJECTORY = 400;

  /** What is known of a prompt. */
  private static final class Unit {
    final Assignment assignment;
    @Nullable Answer answer;
    @Nullable Outcome outcome;

    Unit(Assignment assignment) {
      this.assignment = assignment;
    }
  }

  private final AbRules rules;
  private final Split split;
  private final Map<String, Unit> byId = new HashMap<>();
  private final TreeMap<Long, Unit> uncounted = new TreeMap<>();
  private final Map<String, Outcome> waiting = new HashMap<>();
  private final Set<String> requested = new HashSet<>();
  private final Set<String> restored = new HashSet<>();
  private final Map<Passed, Long> passed = new EnumMap<>(Passed.class);
  private final List<CountedUnit> counted = new ArrayList<>();
  private final List<TrajectoryPoint> trajectory = new ArrayList<>();
  private final List<AbEvent> events = new ArrayList<>();

  private AbTest test;
  private long nextSequence;
  private int stage;
  private long inStage;
  private int stride = 1;

  /** Before the first request. */
  public Experiment(AbRules rules) {
    this.rules = rules;
    this.split = new Split(rules.name());
    this.test = AbTest.of(rules.plan());
  }

  /** Gives a new request to an arm; empty if its id was given before, in this life or another. */
  public Optional<Assignment> assign(String id, long now) {
    if (!requested.add(id)) {
      pass(Passed.REQUEST_DUPLICATE);
      return Optional.empty();
    }
    if (byId.containsKey(id)) {
      return Optional.empty();
    }
    double share = rules.shares().get(stage);
    Assignment assignment =
        new Assignment(nextSequence, id, split.arm(id, share), share, stage, now);
    restore(assignment);
    return Optional.of(assignment);
  }

  /** Takes up what an arm's topic says. */
  public void restore(Assignment assignment) {
    if (byId.containsKey(assignment.id())) {
      return;
    }
    Unit unit = new Unit(assignment);
    byId.put(assignment.id(), unit);
    uncounted.put(assignment.sequence(), unit);
    nextSequence = Math.max(nextSequence, assignment.sequence() + 1);
    unit.outcome = waiting.remove(assignment.id());
  }

  /** Takes up a decision that was made. */
  public void restore(AbEvent event) {
    events.add(event);
    stage = Math.max(stage, event.stage());
  }

  /** Takes up an answer that was handed out. */
  public void restore(Answer answer) {
    Unit unit = byId.get(answer.id());
    if (unit != null && unit.answer == null) {
      unit.answer = answer;
      restored.add(answer.id());
    }
  }

  /** True if the prompt still needs its answer; what comes again is counted as a duplicate. */
  public boolean needsAnswer(String id) {
    Unit unit = byId.get(id);
    boolean needs = unit != null && unit.answer == null;
    if (!needs && !restored.remove(id)) {
      pass(Passed.ANSWER_DUPLICATE);
    }
    return needs;
  }

  /**
   * Takes the first answer to a prompt.
   *
   * @throws IllegalStateException if the prompt needs none
   */
  public void answer(Answer answer) {
    Unit unit = byId.get(answer.id());
    if (unit == null || unit.answer != null) {
      throw new IllegalStateException("answer to " + answer.id() + " is not needed");
    }
    unit.answer = answer;
  }

  /** The assignment of a prompt, if it has one. */
  public Optional<Assignment> assignment(String id) {
    return Optional.ofNullable(byId.get(id)).map(unit -> unit.assignment);
  }

  /** Joins an outcome to its prompt. */
  public void outcome(Outcome outcome) {
    Optional<TwoArmEffect.Bounds> bounds = rules.plan().metricBounds();
    double directed = rules.directed(outcome.value());
    if (bounds.isPresent() && (directed < bounds.get().low() || bounds.get().high() < directed)) {
      pass(Passed.OUTCOME_OUT_OF_BOUNDS);
      return;
    }
    Unit unit = byId.get(outcome.id());
    if (unit == null) {
      if (waiting.putIfAbsent(outcome.id(), outcome) != null) {
        pass(Passed.OUTCOME_DUPLICATE);
      }
    } else if (unit.outcome != null) {
      pass(Passed.OUTCOME_DUPLICATE);
    } else {
      unit.outcome = outcome;
      if (!uncounted.containsKey(unit.assignment.sequence())) {
        pass(Passed.OUTCOME_LATE);
      }
    }
  }

  /** Whether this was asked, in this life or another. */
  public boolean hasRequest(String id) {
    return byId.containsKey(id);
  }

  /** Whether an outcome of this prompt has come. */
  public boolean hasOutcome(String id) {
    Unit unit = byId.get(id);
    return waiting.containsKey(id) || unit != null && unit.outcome != null;
  }

  /** Counts what is not counted, and why. */
  public void pass(Passed reason) {
    passed.merge(reason, 1L, Long::sum);
  }

  /**
   * Counts units as far as it can be known what they are.
   *
   * @param now milliseconds since 1970
   * @return what was decided; it holds once it is on the topic
   */
  public List<AbEvent> advance(long now) {
    List<AbEvent> decided = new ArrayList<>();
    while (verdict().isEmpty() && !uncounted.isEmpty()) {
      Unit unit = uncounted.firstEntry().getValue();
      if (!isSettled(unit, now)) {
        break;
      }
      uncounted.pollFirstEntry();
      count(unit);
      decide(now)
          .ifPresent(
              event -> {
                restore(event);
                decided.add(event);
              });
    }
    return decided;
  }

  private boolean isSettled(Unit unit, long now) {
    if (unit.answer == null) {
      return now > unit.assignment.time() + rules.answerTimeout().toMillis();
    }
    return rules.judged()
        || unit.outcome != null
        || now > unit.answer.time() + rules.outcomeWindow().toMillis();
  }

  private void count(Unit unit) {
    Answer answer = unit.answer;
    if (answer == null) {
      pass(Passed.UNANSWERED);
      return;
    }
    AbUnit seen =
        new AbUnit(
            unit.assignment.arm() == Arm.B,
            unit.assignment.share(),
            metric(unit, answer),
            answer.reward(),
            answer.drift());
    test = test.with(seen);
    counted.add(new CountedUnit(unit.assignment, seen));
    if (unit.assignment.stage() == stage && seen.inB()) {
      inStage++;
    }
    trace();
  }

  private OptionalDouble metric(Unit unit, Answer answer) {
    OptionalDouble value = rules.judged() ? answer.judge() : outcome(unit.outcome, answer);
    if (value.isEmpty()) {
      pass(Passed.OUTCOME_ABSENT);
      value = rules.absent();
    }
    return value.isPresent()
        ? OptionalDouble.of(rules.directed(value.getAsDouble()))
        : OptionalDouble.empty();
  }

  private OptionalDouble outcome(@Nullable Outcome outcome, Answer answer) {
    if (outcome == null) {
      return OptionalDouble.empty();
    }
    if (outcome.time() > answer.time() + rules.outcomeWindow().toMillis()) {
      pass(Passed.OUTCOME_LATE);
      return OptionalDouble.empty();
    }
    return OptionalDouble.of(outcome.value());
  }

  private Optional<AbEvent> decide(long now) {
    AbDecision.Verdict verdict = test.verdict();
    boolean last = stage == rules.lastStage();
    if (verdict == AbDecision.Verdict.KEEP || verdict == AbDecision.Verdict.SHIP && last) {
      return Optional.of(event("verdict", stage, test.decision(), now));
    }
    if (rules.limit().isPresent() && counted.size() >= rules.limit().getAsLong()) {
      AbDecision decision =
          new AbDecision(
              AbDecision.Verdict.UNDECIDED, "the limit is reached: " + test.decision().because());
      return Optional.of(event("verdict", stage, decision, now));
    }
    if (!last && inStage >= rules.stageMinimum()) {
      inStage = 0;
      return Optional.of(event("stage", stage + 1, test.decision(), now));
    }
    return Optional.empty();
  }

  private AbEvent event(String kind, int ofStage, AbDecision decision, long now) {
    return new AbEvent(
        kind,
        ofStage,
        rules.shares().get(ofStage),
        counted.size(),
        decision.verdict().word(),
        decision.because(),
        now);
  }

  private void trace() {
    if (counted.size() % stride != 0) {
      return;
    }
    trajectory.add(TrajectoryPoint.of(counted.size(), stage, test.metric()));
    if (trajectory.size() > TRAJECTORY) {
      stride *= 2;
      trajectory.removeIf(point -> point.units() % stride != 0);
    }
  }

  /** The verdict, once it has fallen. */
  public Optional<AbEvent> verdict() {
    return events.stream().filter(AbEvent::endsIt).findFirst();
  }

  /** True if every request so far is counted, or passed over. */
  public boolean isCaughtUp() {
    return uncounted.isEmpty();
  }

  /** Prompts that wait for their answer. */
  public long unanswered() {
    return uncounted.values().stream().filter(unit -> unit.answer == null).count();
  }

  /** Requests that were given to an arm. */
  public long assigned() {
    return byId.size();
  }

  /** Stage now, from 0. */
  public int stage() {
    return stage;
  }

  /** The test as it stands. */
  public AbTest test() {
    return test;
  }

  /** What was decided, in order. */
  public List<AbEvent> events() {
    return List.copyOf(events);
  }

  /** Units in the order of their requests. */
  public List<CountedUnit> counted() {
    return List.copyOf(counted);
  }

  /** The effect along the way, thinned. */
  public List<TrajectoryPoint> trajectory() {
    return List.copyOf(trajectory);
  }

  /** What is not counted, by reason. */
  public Map<Passed, Long> passed() {
    Map<Passed, Long> all = new EnumMap<>(passed);
    if (!waiting.isEmpty()) {
      all.put(Passed.OUTCOME_UNKNOWN, (long) waiting.size());
    }
    return all;
  }

  /** Whether B got as many prompts as its shares say; see {@link SampleRatio}. */
  public SampleRatio sampleRatio() {
    return SampleRatio.of(
        byId.values().stream()
            .map(unit -> unit.assignment)
            .sorted(Comparator.comparingLong(Assignment::sequence))
            .toList());
  }
}
