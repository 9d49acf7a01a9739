package org.elasticreset.faults;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.elasticreset.faults.Poison.Fate;
import org.elasticreset.proto.v1.PolicyVersion;
import org.elasticreset.proto.v1.Prompt;
import org.elasticreset.proto.v1.PromptBatch;
import org.elasticreset.proto.v1.Purpose;
import org.elasticreset.proto.v1.Rollout;
import org.elasticreset.proto.v1.RolloutBatch;
import org.elasticreset.proto.v1.Sampling;
import org.elasticreset.proto.v1.ScoredRollout;
import org.elasticreset.proto.v1.StepMetrics;
import org.elasticreset.proto.v1.TrainingEvent;

/** Poison of every kind for every topic of a run. */
final class Poisons {
  private static final String UNREADABLE = "expected: a ";
  private static final String EMPTY = "empty message";
  private static final String FROM_THE_FUTURE = "version from the future";
  private static final String TOMBSTONE = "tombstone";
  private static final int HUNDRED_MEGABYTES = 100_000_000;
  private static final long FUTURE = 1_000_000_000;

  private final String runId;
  private final Random random;

  Poisons(String runId, long seed) {
    this.runId = runId;
    this.random = new Random(seed);
  }

  List<Poison> all() {
    List<Poison> poisons = new ArrayList<>();
    poisons.addAll(bytes("prompts", prompts(runId).build()));
    poisons.addAll(bytes("rollouts", rollouts(runId).build()));
    poisons.addAll(bytes("scored-rollouts", scored(runId).build()));
    poisons.addAll(bytes("policy-versions", version(runId).build()));
    poisons.addAll(meanings());
    poisons.addAll(events());
    return poisons;
  }

  /** What is wrong before it is a message. */
  private List<Poison> bytes(String topic, MessageLite valid) {
    byte[] whole = valid.toByteArray();
    return List.of(
        Poison.deadLetter(topic, "random bytes", noise(200), UNREADABLE),
        Poison.deadLetter(
            topic, "truncated protobuf", Arrays.copyOf(whole, whole.length - 1), UNREADABLE),
        Poison.deadLetter(topic, "negative length", negativeLength(), UNREADABLE),
        Poison.deadLetter(topic, "1 MB of random bytes", noise(1_000_000), UNREADABLE),
        topic.equals("policy-versions")
            ? Poison.passedOver(topic, TOMBSTONE, null)
            : new Poison(topic, TOMBSTONE, null, Fate.DEAD_LETTER, ""),
        Poison.refused(topic, "100 MB", new byte[HUNDRED_MEGABYTES]));
  }

  /** What parses, and cannot be meant. */
  private List<Poison> meanings() {
    List<Poison> poisons = new ArrayList<>(promptsThatCannotBeMeant());
    poisons.addAll(rolloutsThatCannotBeMeant());
    poisons.addAll(scoresThatCannotBeMeant());
    poisons.addAll(versionsThatCannotBeMeant());
    return poisons;
  }

  private List<Poison> promptsThatCannotBeMeant() {
    String topic = "prompts";
    return List.of(
        letter(topic, "foreign run", prompts("other"), "run_id: other"),
        Poison.deadLetter(topic, EMPTY, new byte[0], "run_id: "),
        letter(topic, "no prompts", prompts(runId).clearPrompts(), "prompts: none"),
        letter(
            topic,
            FROM_THE_FUTURE,
            prompts(runId).setMinimumPolicyVersion(FUTURE),
            "minimum_policy_version: " + FUTURE));
  }

  private List<Poison> rolloutsThatCannotBeMeant() {
    String topic = "rollouts";
    RolloutBatch.Builder uncertain =
        rollouts(runId).setRollouts(0, rollout().setBehaviourLogProbs(0, Float.NaN));
    RolloutBatch.Builder uneven = rollouts(runId).setRollouts(0, rollout().addResponseTokens(4));
    return List.of(
        Poison.deadLetter(topic, "5 MB of random bytes", noise(5_000_000), UNREADABLE),
        Poison.refused(topic, Poison.COMPRESSED, new byte[HUNDRED_MEGABYTES]),
        letter(topic, "foreign run", rollouts("other"), "run_id: other"),
        Poison.deadLetter(topic, EMPTY, new byte[0], "run_id: "),
        letter(topic, "NaN log-probability", uncertain, "behaviour_log_probs: NaN"),
        letter(topic, "too few log-probabilities", uneven, "behaviour_log_probs: 2 numbers"));
  }

  private List<Poison> scoresThatCannotBeMeant() {
    String topic = "scored-rollouts";
    ScoredRollout.Builder beyond = scored(runId).setRollout(rollout().setResponseTokens(0, -7));
    return List.of(
        letter(topic, "foreign run", scored("other"), "run_id: other"),
        Poison.deadLetter(topic, EMPTY, new byte[0], "run_id: "),
        letter(topic, "NaN reward", scored(runId).setReward(Double.NaN), "reward: NaN"),
        letter(topic, "token beyond the vocabulary", beyond, "response_tokens: 4294967289"));
  }

  private List<Poison> versionsThatCannotBeMeant() {
    String topic = "policy-versions";
    byte[] future = version(runId).setVersion(FUTURE).build().toByteArray();
    return List.of(
        letter(topic, "foreign run", version("other"), "run_id: other"),
        Poison.deadLetter(topic, EMPTY, new byte[0], "run_id: "),
        Poison.passedOver(topic, FROM_THE_FUTURE, future));
  }

  private static Poison letter(
      String topic, String kind, MessageLite.Builder message, String reason) {
    return Poison.deadLetter(topic, kind, message.build().toByteArray(), reason);
  }

  /** For the launcher, which reads and writes nothing into Kafka. */
  private List<Poison> events() {
    TrainingEvent.Builder event =
        TrainingEvent.newBuilder()
            .setRunId("other")
            .setStep(1)
            .setSequence(1)
            .setTrainingStep(StepMetrics.newBuilder().setRewardMean(Double.NaN));
    byte[] whole = event.build().toByteArray();
    String topic = "training-events";
    return List.of(
        Poison.passedOver(topic, "random bytes", noise(200)),
        Poison.passedOver(topic, "truncated protobuf", Arrays.copyOf(whole, whole.length - 1)),
        Poison.passedOver(topic, "negative length", negativeLength()),
        Poison.passedOver(topic, TOMBSTONE, null),
        Poison.passedOver(topic, EMPTY, new byte[0]),
        Poison.passedOver(topic, "foreign run", whole));
  }

  /** Bytes that are no protobuf: wire type 7 does not exist. */
  private byte[] noise(int length) {
    byte[] noise = new byte[length];
    random.nextBytes(noise);
    noise[0] |= 7;
    return noise;
  }

  /** Field 1, which says that -1 bytes follow. */
  private static byte[] negativeLength() {
    byte[] bytes = new byte[11];
    Arrays.fill(bytes, (byte) 0xff);
    bytes[0] = 10;
    bytes[10] = 1;
    return bytes;
  }

  private static PromptBatch.Builder prompts(String run) {
    return PromptBatch.newBuilder()
        .setRunId(run)
        .setBatchId("poison")
        .setPurpose(Purpose.TRAINING)
        .setTargetStep(1)
        .setMinimumPolicyVersion(1)
        .setSampling(
            Sampling.newBuilder()
                .setTemperature(1)
                .setTopP(1)
                .setMaxNewTokens(4)
                .setMaxPromptTokens(4))
        .addPrompts(Prompt.newBuilder().setRolloutId("poison/0").setText("the cat").setSeed(1));
  }

  private static RolloutBatch.Builder rollouts(String run) {
    return RolloutBatch.newBuilder()
        .setRunId(run)
        .setBatchId("poison")
        .setPurpose(Purpose.TRAINING)
        .setTargetStep(1)
        .setWorker("poison")
        .addRollouts(rollout());
  }

  private static ScoredRollout.Builder scored(String run) {
    return ScoredRollout.newBuilder()
        .setRunId(run)
        .setBatchId("poison")
        .setPurpose(Purpose.TRAINING)
        .setTargetStep(1)
        .setRollout(rollout())
        .setReward(1);
  }

  private static Rollout.Builder rollout() {
    return Rollout.newBuilder()
        .setRolloutId("poison/0")
        .setPrompt("the cat")
        .setResponse(" sat")
        .addPromptTokens(1)
        .addResponseTokens(2)
        .addResponseTokens(3)
        .addBehaviourLogProbs(-1)
        .addBehaviourLogProbs(-2)
        .setPolicyVersion(1);
  }

  private static PolicyVersion.Builder version(String run) {
    return PolicyVersion.newBuilder()
        .setRunId(run)
        .setVersion(1)
        .setDigest(ByteString.copyFrom(new byte[32]));
  }
}
