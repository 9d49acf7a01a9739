package org.elasticreset.ema;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.elasticreset.algorithm.ElasticReset;
import org.elasticreset.algorithm.ExponentialAverage;
import org.elasticreset.algorithm.ResetTrigger;
import org.elasticreset.checkpoint.Sha256;
import org.elasticreset.proto.v1.OpenRun;
import org.elasticreset.proto.v1.Release;
import org.elasticreset.proto.v1.Resume;
import org.elasticreset.proto.v1.Tensor;
import org.elasticreset.proto.v1.Update;
import org.elasticreset.proto.v1.WeightsChunk;

/** Small policies for tests, as plain floats. */
final class Policies {

  static final String RUN = "test-run";
  static final double DECAY = 0.9;
  static final long MAX_POLICY_BYTES = 64 << 20;

  private Policies() {}

  /** Random weights, the same for the same seed. */
  static float[] random(int count, long seed) {
    var random = new Random(seed);
    var weights = new float[count];
    for (int i = 0; i < count; i++) {
      weights[i] = random.nextFloat() - 0.5f;
    }
    return weights;
  }

  static ByteString bytes(float[] weights) {
    var bytes = ByteBuffer.allocate(weights.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(weights);
    return ByteString.copyFrom(bytes);
  }

  static float[] floats(ByteString bytes) {
    var weights = new float[bytes.size() / Float.BYTES];
    bytes.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(weights);
    return weights;
  }

  static float[] floats(Weights weights) {
    var bytes = ByteString.EMPTY;
    while (bytes.size() < weights.size()) {
      bytes = bytes.concat(weights.read(bytes.size(), Upload.CHUNK_BYTES));
    }
    return floats(bytes);
  }

  static ByteString digest(float[] weights) {
    return ByteString.copyFrom(Sha256.begin().digest(bytes(weights).toByteArray()));
  }

  /** Opens a run of one tensor. */
  static OpenRun openRun(float[] initial) {
    return openRun(RUN, initial);
  }

  static OpenRun openRun(String runId, float[] initial) {
    return OpenRun.newBuilder()
        .setRunId(runId)
        .addTensors(Tensor.newBuilder().setName("weight").addShape(initial.length))
        .setInitialDigest(digest(initial))
        .build();
  }

  static Update update(long step, boolean publish) {
    return Update.newBuilder().setStep(step).setPublish(publish).build();
  }

  /** A complete upload. */
  static Upload upload(Update header, float[] weights) {
    var bytes = bytes(weights);
    var upload = new Upload(header, Weights.allocate(bytes.size()));
    for (int offset = 0; offset < bytes.size(); offset += Upload.CHUNK_BYTES) {
      int end = Math.min(bytes.size(), offset + Upload.CHUNK_BYTES);
      upload.add(
          WeightsChunk.newBuilder()
              .setOffset(offset)
              .setData(bytes.substring(offset, end))
              .build());
    }
    return upload;
  }

  /** A checkpointed update. */
  static Update checkpoint(long step) {
    return Update.newBuilder().setStep(step).setPublish(true).setCheckpoint(true).build();
  }

  static Release release(long step, Long... keptSteps) {
    return Release.newBuilder().setStep(step).addAllKeptSteps(List.of(keptSteps)).build();
  }

  /** As a stream does it: what need not be kept is deleted behind the release. */
  static void release(AveragedPolicy policy, Learner learner, long step, Long... keptSteps) {
    var release = release(step, keptSteps);
    policy.release(learner, release);
    policy.retain(learner, release);
  }

  /** Opens a run of one tensor at a point that the learner has a checkpoint of. */
  static OpenRun resume(float[] initial, long step, long version, ByteString digest) {
    return openRun(initial).toBuilder()
        .setResume(Resume.newBuilder().setStep(step).setVersion(version).setDigest(digest))
        .build();
  }

  static AveragedPolicy averagedPolicy(ResetTrigger trigger, Path directory) {
    return averagedPolicy(trigger, directory, new Snapshots(directory));
  }

  static AveragedPolicy averagedPolicy(ResetTrigger trigger, Path directory, Snapshots snapshots) {
    return averagedPolicy(new ElasticReset(trigger), directory, snapshots);
  }

  static AveragedPolicy averagedPolicy(
      ElasticReset elasticReset, Path directory, Snapshots snapshots) {
    return new AveragedPolicy(settings(elasticReset, directory), snapshots);
  }

  static AveragedPolicy averagedPolicy(
      ElasticReset elasticReset, Path directory, AuditTopic auditTopic) {
    return new AveragedPolicy(
        settings(elasticReset, directory), new Snapshots(directory), auditTopic);
  }

  private static EmaSettings settings(ElasticReset elasticReset, Path directory) {
    return new EmaSettings(
        RUN,
        new ExponentialAverage(DECAY),
        elasticReset,
        "test",
        2,
        true,
        directory,
        MAX_POLICY_BYTES);
  }

  /** The average, recomputed straight from the updates since the last reset. */
  static float[] average(float[] initial, List<float[]> updates) {
    var average = Arrays.copyOf(initial, initial.length);
    for (var update : updates) {
      for (int i = 0; i < average.length; i++) {
        average[i] += (float) (1 - DECAY) * (update[i] - average[i]);
      }
    }
    return average;
  }
}
