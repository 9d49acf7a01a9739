package org.elasticreset.benchmark;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.elasticreset.proto.ProtobufSerializer;
import org.elasticreset.proto.RolloutBatchDeserializer;
import org.elasticreset.proto.v1.Purpose;
import org.elasticreset.proto.v1.Rollout;
import org.elasticreset.proto.v1.RolloutBatch;
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

/** A batch on its way into Kafka and out of it: the serializers of the topic {@code rollouts}. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 1, time = 1)
public class MessagesBenchmark {

  private static final int PROMPT_TOKENS = 24;
  private static final int RESPONSE_TOKENS = 48;

  @Param({"16", "64"})
  public int rollouts;

  private final ProtobufSerializer serializer = new ProtobufSerializer();
  private final RolloutBatchDeserializer deserializer = new RolloutBatchDeserializer();
  private RolloutBatch batch;
  private byte[] bytes;

  @Setup
  public void generate() {
    var random = new Random(1);
    var made =
        RolloutBatch.newBuilder()
            .setRunId("benchmark")
            .setBatchId("train-1-0")
            .setPurpose(Purpose.TRAINING)
            .setTargetStep(1)
            .setWorker("rollout-1");
    for (int r = 0; r < rollouts; r++) {
      var rollout =
          made.addRolloutsBuilder()
              .setRolloutId("train-1-0/" + r)
              .setPrompt("four letters".repeat(8))
              .setResponse("four letters".repeat(16))
              .setPolicyVersion(1);
      for (int t = 0; t < PROMPT_TOKENS; t++) {
        rollout.addPromptTokens(random.nextInt(4096));
      }
      for (int t = 0; t < RESPONSE_TOKENS; t++) {
        rollout.addResponseTokens(random.nextInt(4096)).addBehaviourLogProbs(-random.nextFloat());
      }
    }
    batch = made.build();
    bytes = serializer.serialize("rollouts", batch);
  }

  /** A message remembers its size, so it is made anew, as a worker makes it. */
  @Benchmark
  public byte[] encode() {
    var copy = RolloutBatch.newBuilder();
    for (Rollout rollout : batch.getRolloutsList()) {
      copy.addRollouts(rollout.toBuilder());
    }
    return serializer.serialize("rollouts", copy.build());
  }

  @Benchmark
  public RolloutBatch parse() {
    return deserializer.deserialize("rollouts", bytes);
  }
}
