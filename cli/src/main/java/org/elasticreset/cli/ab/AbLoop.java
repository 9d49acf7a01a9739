package org.elasticreset.cli.ab;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.InvalidProtocolBufferException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.elasticreset.proto.v1.Prompt;
import org.elasticreset.proto.v1.PromptBatch;
import org.elasticreset.proto.v1.Purpose;
import org.elasticreset.proto.v1.Rollout;
import org.elasticreset.proto.v1.Sampling;
import org.elasticreset.proto.v1.ScoredRollout;

/**
 * Moves what comes between the topics of an experiment and its state. A prompt is given to an arm
 * by its record in the arm's topic, an answer to the user by its record in {@code responses}, a
 * decision made by its record in {@code ab-events}: each is there before anything rests on it, and
 * is passed over where it is there already. So this may die at any point and start again.
 */
public final class AbLoop {
  /** What does not change while an experiment goes on. */
  public record Setup(
      String name,
      AbRules rules,
      Map<Arm, Sampling> sampling,
      Map<Arm, String> digests,
      int batchSize,
      long seed,
      DriftMeter drift,
      Clock clock) {}

  private final Setup setup;
  private final AbTopics topics;
  private final Experiment experiment;
  private final List<ObjectNode> responses = new ArrayList<>();

  /**
   * Rebuilds the state from the topics.
   *
   * @param topics that exist
   */
  public AbLoop(Setup setup, AbTopics topics) throws InterruptedException {
    this.setup = setup;
    this.topics = topics;
    this.experiment = new Experiment(setup.rules());
    for (var record : topics.all(AbTopics.EVENTS)) {
      experiment.restore(AbRecords.event(record.value()));
    }
    for (Arm arm : Arm.values()) {
      for (var record : topics.all(AbTopics.prompts(arm))) {
        AbRecords.assignments(arm, record).forEach(experiment::restore);
      }
    }
    for (var record : topics.all(AbTopics.RESPONSES)) {
      restoreResponse(AbRecords.answer(record.value()));
    }
    topics.follow(AbTopics.REQUESTS, AbTopics.SCORED, AbTopics.OUTCOMES);
  }

  private void restoreResponse(Answer answer) {
    experiment.restore(answer);
    experiment.assignment(answer.id()).ifPresent(given -> responses.add(response(given, answer)));
  }

  /** Reads what came, and does what follows from it; answers what was decided. */
  public List<AbEvent> step() throws InterruptedException {
    List<ConsumerRecord<String, byte[]>> requests = new ArrayList<>();
    List<ConsumerRecord<String, byte[]>> scored = new ArrayList<>();
    for (ConsumerRecord<String, byte[]> record : topics.poll()) {
      switch (topics.topic(record)) {
        case AbTopics.REQUESTS -> requests.add(record);
        case AbTopics.SCORED -> scored.add(record);
        default -> outcome(record);
      }
    }
    ask(requests);
    answer(scored);
    List<AbEvent> decided = experiment.advance(setup.clock().millis());
    for (AbEvent event : decided) {
      topics.send(AbTopics.EVENTS, event.event(), AbRecords.event(event), Map.of());
    }
    topics.flush();
    return decided;
  }

  private void outcome(ConsumerRecord<String, byte[]> record) {
    Optional<Outcome> outcome = AbRecords.outcome(record);
    if (outcome.isPresent()) {
      experiment.outcome(outcome.get());
    } else {
      experiment.pass(Passed.OUTCOME_MALFORMED);
    }
  }

  private void ask(List<ConsumerRecord<String, byte[]>> requests) throws InterruptedException {
    List<Asked> asked = new ArrayList<>();
    for (ConsumerRecord<String, byte[]> request : requests) {
      Optional<String> text = AbRecords.prompt(request.value());
      if (request.key() == null || request.key().isBlank() || text.isEmpty()) {
        experiment.pass(Passed.REQUEST_MALFORMED);
        continue;
      }
      experiment
          .assign(request.key(), setup.clock().millis())
          .ifPresent(given -> asked.add(new Asked(given, prompt(request.key(), text.get()))));
    }
    for (Arm arm : Arm.values()) {
      List<Asked> ofArm = asked.stream().filter(each -> each.given().arm() == arm).toList();
      for (int from = 0; from < ofArm.size(); from += setup.batchSize()) {
        int to = Math.min(ofArm.size(), from + setup.batchSize());
        send(arm, ofArm.subList(from, to));
      }
    }
    topics.flush();
  }

  /** A prompt that an arm is to answer. */
  private record Asked(Assignment given, Prompt prompt) {}

  private Prompt prompt(String id, String text) {
    // A seed of its own for every prompt, and the same one whenever it is asked for.
    long seed = Double.doubleToLongBits(new Split("seed " + setup.seed()).place(id)) | 1L << 62;
    return Prompt.newBuilder().setRolloutId(id).setText(text).setSeed(seed).build();
  }

  private void send(Arm arm, List<Asked> asked) {
    Assignment first = asked.get(0).given();
    String batchId = arm.id() + "-" + first.sequence();
    PromptBatch batch =
        PromptBatch.newBuilder()
            .setRunId(setup.name())
            .setBatchId(batchId)
            .setPurpose(Purpose.EVALUATION)
            .setSampling(setup.sampling().get(arm))
            .addAllPrompts(asked.stream().map(Asked::prompt).toList())
            .build();
    topics.send(
        AbTopics.prompts(arm),
        batchId,
        batch.toByteArray(),
        Map.of(
            AbRecords.SEQUENCES,
            asked.stream()
                .map(each -> String.valueOf(each.given().sequence()))
                .collect(Collectors.joining(",")),
            AbRecords.SHARE,
            String.valueOf(first.share()),
            AbRecords.STAGE,
            String.valueOf(first.stage()),
            AbRecords.TIME,
            String.valueOf(first.time())));
  }

  private void answer(List<ConsumerRecord<String, byte[]>> records) throws InterruptedException {
    List<ScoredRollout> scored = new ArrayList<>();
    List<Long> times = new ArrayList<>();
    for (ConsumerRecord<String, byte[]> record : records) {
      Optional<ScoredRollout> parsed = scored(record.value());
      if (parsed.isPresent()
          && scored.stream().noneMatch(other -> id(other).equals(id(parsed.get())))
          && experiment.needsAnswer(id(parsed.get()))) {
        scored.add(parsed.get());
        times.add(record.timestamp());
      }
    }
    List<Rollout> rollouts = scored.stream().map(ScoredRollout::getRollout).toList();
    List<OptionalDouble> drifts = rollouts.isEmpty() ? List.of() : setup.drift().nats(rollouts);
    for (int i = 0; i < scored.size(); i++) {
      ScoredRollout each = scored.get(i);
      Answer answer =
          new Answer(
              id(each),
              each.getRollout().getResponse(),
              each.getReward(),
              each.hasJudge() ? OptionalDouble.of(each.getJudge()) : OptionalDouble.empty(),
              drifts.get(i),
              times.get(i));
      ObjectNode response = response(experiment.assignment(id(each)).orElseThrow(), answer);
      topics.send(AbTopics.RESPONSES, answer.id(), AbRecords.bytes(response), Map.of());
      experiment.answer(answer);
      responses.add(response);
    }
    topics.flush();
  }

  private static Optional<ScoredRollout> scored(byte[] value) {
    try {
      return Optional.of(ScoredRollout.parseFrom(value));
    } catch (InvalidProtocolBufferException e) {
      return Optional.empty();
    }
  }

  private static String id(ScoredRollout scored) {
    return scored.getRollout().getRolloutId();
  }

  private ObjectNode response(Assignment assignment, Answer answer) {
    return AbRecords.response(
        assignment, answer, setup.digests().getOrDefault(assignment.arm(), ""));
  }

  /** Asks on behalf of users, what was not asked yet. */
  public void replay(Map<String, String> requests) throws InterruptedException {
    for (Map.Entry<String, String> request : requests.entrySet()) {
      if (!experiment.hasRequest(request.getKey())) {
        topics.send(
            AbTopics.REQUESTS,
            request.getKey(),
            AbRecords.bytes(AbRecords.request(request.getValue())),
            Map.of());
      }
    }
    topics.flush();
  }

  /** Writes outcomes that came another way to their topic. */
  public void outcomes(Map<String, Double> outcomes) throws InterruptedException {
    for (Map.Entry<String, Double> outcome : outcomes.entrySet()) {
      if (!experiment.hasOutcome(outcome.getKey())) {
        topics.send(
            AbTopics.OUTCOMES,
            outcome.getKey(),
            AbRecords.bytes(AbRecords.value(outcome.getValue())),
            Map.of());
      }
    }
    topics.flush();
  }

  /** True once all that the topics held has been read. */
  public boolean isAtEnd() {
    return topics.isAtEnd();
  }

  /** The state. */
  public Experiment experiment() {
    return experiment;
  }

  /** Answers since the last call, as {@code responses} has them; at the first, all of them. */
  public List<ObjectNode> newResponses() {
    List<ObjectNode> since = List.copyOf(responses);
    responses.clear();
    return since;
  }
}
