package org.elasticreset.ema;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.elasticreset.algorithm.ElasticReset;
import org.elasticreset.algorithm.ExponentialAverage;
import org.elasticreset.algorithm.ResetTrigger;
import org.elasticreset.proto.v1.OpenRun;
import org.elasticreset.proto.v1.PolicyVersion;
import org.elasticreset.proto.v1.Release;
import org.elasticreset.proto.v1.RunOpened;
import org.elasticreset.proto.v1.Update;
import org.elasticreset.proto.v1.WeightsChunk;

/**
 * The state of the ema-service as it runs, without its sockets. It may die before and behind
 * everything that it makes durable, and is started again on its directory.
 */
public final class SimulatedEma {

  private final EmaSettings settings;
  private final MortalSnapshots snapshots;
  private AveragedPolicy state;
  private Learner learner = () -> {};

  /**
   * Starts it for the first time.
   *
   * @param mayDie called before and behind every durable effect; dies by throwing
   */
  public SimulatedEma(Path directory, String runId, double decay, int resetEvery, Runnable mayDie)
      throws IOException {
    settings =
        new EmaSettings(
            runId,
            new ExponentialAverage(decay),
            new ElasticReset(new ResetTrigger.EveryNUpdates(resetEvery)),
            "every-n-updates",
            2,
            false,
            directory,
            1 << 20);
    snapshots = new MortalSnapshots(directory, mayDie);
    state = new AveragedPolicy(settings, snapshots);
  }

  /** The process died and is there again. */
  public void startAgain() throws IOException {
    state = new AveragedPolicy(settings, snapshots);
    state.load();
  }

  /** What is answered to an update; the average where it is a reset. */
  public record Answer(PolicyVersion newest, boolean held, Optional<ByteString> average) {}

  /** What workers fetch. */
  public record Served(PolicyVersion version, ByteString weights) {}

  /** A new stream of the learner. */
  public RunOpened open(OpenRun run) {
    learner = () -> {};
    return state.open(learner, run);
  }

  /** An update with all its weights. */
  public Answer take(Update header, byte[] weights) {
    state.check(learner, header);
    var upload = new Upload(header, Weights.allocate(weights.length));
    upload.add(WeightsChunk.newBuilder().setData(UnsafeByteOperations.unsafeWrap(weights)).build());
    var answer = state.take(learner, upload);
    return new Answer(
        answer.newest(),
        answer.held(),
        answer instanceof UpdateAnswer.WasReset reset
            ? Optional.of(bytes(reset.adopted().weights()))
            : Optional.empty());
  }

  /** The learner's checkpoint is durable. */
  public void release(Release release) {
    state.release(learner, release);
    state.retain(learner, release);
  }

  /** The newest version that is served. */
  public Optional<Served> newest() {
    return state
        .view()
        .newest()
        .map(policy -> new Served(policy.version(), bytes(policy.weights())));
  }

  /** θ̄ as the newest snapshot has it. */
  public byte[] average() {
    return snapshots.average;
  }

  private static ByteString bytes(Weights weights) {
    return ByteString.copyFrom(weights.read(0, (int) weights.size()).toByteArray());
  }

  private static final class MortalSnapshots extends Snapshots {

    private final Runnable mayDie;
    private byte[] average = {};

    MortalSnapshots(Path directory, Runnable mayDie) {
      super(directory);
      this.mayDie = mayDie;
    }

    @Override
    void begin(OpenRun run, Weights weights) throws IOException {
      mayDie.run();
      super.begin(run, weights);
      mayDie.run();
    }

    @Override
    void serve(PolicyVersion version) throws IOException {
      mayDie.run();
      super.serve(version);
      mayDie.run();
    }

    @Override
    void write(Snapshot snapshot) throws IOException {
      mayDie.run();
      super.write(snapshot);
      average = bytes(snapshot.average()).toByteArray();
      mayDie.run();
    }

    @Override
    void retain(Set<Long> steps) throws IOException {
      mayDie.run();
      super.retain(steps);
      mayDie.run();
    }

    @Override
    void discardBeyond(long step) throws IOException {
      mayDie.run();
      super.discardBeyond(step);
      mayDie.run();
    }
  }
}
